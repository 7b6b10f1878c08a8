import { trace } from '@opentelemetry/api';

import { type CallFacts, type CallObservation, CallObserver } from '../observability/call-observer.js';
import { callInstruments } from './call-instruments.js';
import { sendingAttempt } from './observed-attempt.js';
import { ObservedCall } from './observed-call.js';
import { SCOPE } from './scope.js';
import type { WechatPayTelemetryOptions } from './telemetry.options.js';

/**
 * Traces and measures calls with OpenTelemetry. It does nothing until the application installs an SDK, before or after the
 * module starts.
 *
 * A call has an internal span, `wechatpay.close direct`, under the caller's active one, and each attempt a client span beneath
 * it, by the semantic conventions for HTTP. No key, signature, header or body is in any of them, and order numbers are in spans
 * alone, never in metrics.
 *
 * @example
 * ```ts
 * WechatPayModule.forRoot({ merchants, observers: [WechatPayTelemetry] })
 * ```
 */
export class WechatPayTelemetry extends CallObserver {
  readonly #instruments = callInstruments();
  readonly #orderNumbers: boolean;
  readonly #isSuppressed: boolean;

  /** @param options - what spans tell, and what is kept from the wire */
  constructor(options: WechatPayTelemetryOptions = {}) {
    super();
    this.#orderNumbers = options.orderNumbers ?? true;
    this.#isSuppressed = options.suppressHttpInstrumentation ?? true;
  }

  begin(call: CallFacts): CallObservation {
    const tracer = trace.getTracer(SCOPE.name, SCOPE.version);
    return new ObservedCall(call, { tracer, instruments: this.#instruments, orderNumbers: this.#orderNumbers });
  }

  override sending(run: () => void): void {
    sendingAttempt(run, this.#isSuppressed);
  }
}
