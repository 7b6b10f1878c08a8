import { type Context, context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

import { WechatPayError } from '../errors/wechat-pay.error.js';
import type {
  AttemptFacts,
  AttemptObservation,
  CallEnd,
  CallFacts,
  CallObservation,
} from '../observability/call-observer.js';
import { callEndAttributes } from './attributes.js';
import { outcomeOfCall } from './call-outcome.js';
import { type AttemptSurroundings, ObservedAttempt } from './observed-attempt.js';

/** An internal span around all attempts of a call, under the caller's active span. */
export class ObservedCall implements CallObservation {
  readonly #callers = context.active();
  readonly #beganAt = performance.now();
  readonly #span: Span;
  readonly #context: Context;
  #attempts = 0;
  #resends = 0;
  #last: AttemptFacts | undefined;

  /**
   * @param call - what is asked
   * @param around - what all calls need
   */
  constructor(
    private readonly call: CallFacts,
    private readonly around: AttemptSurroundings,
  ) {
    const { operation, variant } = call;
    const attributes = { 'wechatpay.operation': operation, 'wechatpay.variant': variant };
    const name = `wechatpay.${operation} ${variant}`;
    this.#span = around.tracer.startSpan(name, { kind: SpanKind.INTERNAL, attributes }, this.#callers);
    this.#context = trace.setSpan(this.#callers, this.#span);
  }

  within(run: () => void): void {
    context.with(this.#context, run);
  }

  outside(run: () => void): void {
    context.with(this.#callers, run);
  }

  attempt(facts: AttemptFacts): AttemptObservation {
    this.#attempts++;
    this.#resends = this.#last?.operation === facts.operation ? this.#resends + 1 : 0;
    this.#last = facts;
    const place = { parent: this.#context, number: this.#attempts, resends: this.#resends };
    return new ObservedAttempt(facts, place, this.around);
  }

  end(end: CallEnd): void {
    const { orderNumbers, instruments } = this.around;
    const { operation, variant } = this.call;
    const { outcome, phase, reason, errorType } = outcomeOfCall(end);
    const labels = {
      'wechatpay.variant': variant,
      'wechatpay.outcome': outcome,
      ...(phase !== undefined && { 'wechatpay.phase': phase }),
      ...(reason !== undefined && { 'wechatpay.reason': reason }),
      ...(errorType !== undefined && { 'error.type': errorType }),
    };
    const { durations, outcomes } = instruments.current;
    durations[operation].record((performance.now() - this.#beganAt) / 1_000, labels);
    outcomes.add(1, { 'wechatpay.operation': operation, ...labels });
    this.#span.setAttributes(callEndAttributes(end, orderNumbers));
    if (errorType !== undefined) {
      const message = end.kind === 'failed' && end.error instanceof WechatPayError ? end.error.message : undefined;
      this.#span.setStatus({ code: SpanStatusCode.ERROR, ...(orderNumbers && message !== undefined && { message }) });
    }
    this.#span.end();
  }
}
