import type { EmulatorAnswer } from './answers/emulator-answer.js';
import type { EmulatorOrder } from './orders/emulator-order.js';
import type { SignAs } from './signing/sign-as.js';
import type { EmulatorReply } from './wire/emulator-reply.js';
import type { EmulatorRequest } from './wire/emulator-request.js';

/** What a rewrite is told about the call whose answer it may change. */
export interface EmulatorExchange {
  readonly request: EmulatorRequest;
  /** The order that the request is about, if it was found. */
  readonly order?: EmulatorOrder | undefined;
  /**
   * Signs a reply anew, in place of the signature it has.
   *
   * @param reply - its body is what gets signed
   * @param as - what to sign with instead of what is right
   */
  readonly sign: (reply: EmulatorReply, as?: SignAs) => EmulatorReply;
}

/** Changes an answer before it is signed; nothing returned leaves it as it is. */
export type AnswerRewrite = (answer: EmulatorAnswer, exchange: EmulatorExchange) => EmulatorAnswer | undefined | void;

/** What an {@link ReplyRewrite} may make of a reply: another one, the same, or a connection that breaks. */
export type RewrittenReply = EmulatorReply | 'drop' | undefined | void;

/** Changes the finished reply; nothing returned leaves it as it is, and a promise delays it. */
export type ReplyRewrite = (
  reply: EmulatorReply,
  exchange: EmulatorExchange,
) => RewrittenReply | Promise<RewrittenReply>;

/** The rewrites in force, applied in the order they were added. */
export class Rewrites {
  readonly #beforeSigning = new Set<{ readonly rewrite: AnswerRewrite }>();
  readonly #afterSigning = new Set<{ readonly rewrite: ReplyRewrite }>();

  /**
   * Adds a rewrite of answers.
   *
   * @param rewrite - the rewrite
   * @returns takes it away again
   */
  addBeforeSigning(rewrite: AnswerRewrite): () => void {
    return added(this.#beforeSigning, { rewrite });
  }

  /**
   * Adds a rewrite of replies.
   *
   * @param rewrite - the rewrite
   * @returns takes it away again
   */
  addAfterSigning(rewrite: ReplyRewrite): () => void {
    return added(this.#afterSigning, { rewrite });
  }

  /**
   * Applies the rewrites of answers.
   *
   * @param answer - the answer as it would be
   * @param exchange - the call
   */
  answer(answer: EmulatorAnswer, exchange: EmulatorExchange): EmulatorAnswer {
    let current = answer;
    for (const { rewrite } of this.#beforeSigning) current = rewrite(current, exchange) ?? current;
    return current;
  }

  /**
   * Applies the rewrites of replies.
   *
   * @param reply - the reply as it would be
   * @param exchange - the call
   */
  async reply(reply: EmulatorReply, exchange: EmulatorExchange): Promise<EmulatorReply | 'drop'> {
    let current = reply;
    for (const { rewrite } of this.#afterSigning) {
      // oxlint-disable-next-line no-await-in-loop -- each rewrite takes what the one before it made
      const rewritten = (await rewrite(current, exchange)) ?? current;
      if (rewritten === 'drop') return 'drop';
      current = rewritten;
    }
    return current;
  }

  /** Takes all rewrites away. */
  clear(): void {
    this.#beforeSigning.clear();
    this.#afterSigning.clear();
  }
}

function added<Entry>(entries: Set<Entry>, entry: Entry): () => void {
  entries.add(entry);
  return () => void entries.delete(entry);
}
