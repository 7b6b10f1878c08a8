import type { EmulatorAnswer } from '../answers/emulator-answer.js';
import type { EmulatorOrder } from '../orders/emulator-order.js';
import type { SignAs } from '../signing/sign-as.js';
import type { EmulatorReply } from '../wire/emulator-reply.js';

/** An answer on its way out, with what is needed to write and sign it. */
export interface Outgoing {
  readonly answer: EmulatorAnswer;
  /** Whether WeChat Pay signs it: not if it could not tell who asked. */
  readonly isSigned: boolean;
  /** The order it is about, if that was found. */
  readonly order: EmulatorOrder | undefined;
  /**
   * Turns the answer into a reply, not yet signed.
   *
   * @throws TypeError if the answer is of the other API
   */
  readonly write: (answer: EmulatorAnswer) => EmulatorReply;
  /** Signs a reply, in place of the signature it may have. */
  readonly sign: (reply: EmulatorReply, as?: SignAs) => EmulatorReply;
}
