import {
  type Context,
  context,
  createContextKey,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';

import type { AttemptEnd, AttemptFacts, AttemptObservation } from '../observability/call-observer.js';
import { type Address, addressOf } from './addresses.js';
import { attemptAttributes, attemptEndAttributes, attemptErrorType } from './attributes.js';
import type { callInstruments } from './call-instruments.js';

const CURRENT = createContextKey('nestjs-wechatpay attempt');
/** The SDK's own key, under which it is told to follow nothing. */
const SUPPRESS = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** Faults of signers and the like come before there is any HTTP request to measure. */
const BEFORE_HTTP = new Set([
  'signer',
  'certificates',
  'merchant',
  'overloaded',
  'shutdown',
  'interceptor',
  'internal',
]);
const FAILED_PROOFS = new Set(['unsigned', 'header', 'time', 'serial', 'signature', 'identity', 'replay', 'verifier']);

/** What the attempts of all calls need. */
export interface AttemptSurroundings {
  readonly tracer: Tracer;
  readonly instruments: ReturnType<typeof callInstruments>;
  readonly orderNumbers: boolean;
}

/** Which attempt of its call it is, and what it continues. */
export interface AttemptPlace {
  readonly parent: Context;
  /** 1 for the first. */
  readonly number: number;
  /** How often the same request was sent right before. */
  readonly resends: number;
}

/** A client span, and what is measured of the request. */
export class ObservedAttempt implements AttemptObservation {
  readonly #address: Address;
  readonly #span: Span;
  readonly #context: Context;
  #beganAt = performance.now();

  /**
   * @param attempt - what is sent
   * @param place - in its call
   * @param around - what all attempts need
   */
  constructor(
    private readonly attempt: AttemptFacts,
    { parent, number, resends }: AttemptPlace,
    private readonly around: AttemptSurroundings,
  ) {
    this.#address = addressOf(attempt);
    const attributes = attemptAttributes(attempt, this.#address, around.orderNumbers, number, resends);
    const name = `${attempt.method} ${this.#address.template}`;
    this.#span = around.tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, parent);
    this.#context = trace.setSpan(parent, this.#span).setValue(CURRENT, this);
    if (resends > 0) {
      const { variant, operation } = attempt;
      around.instruments.current.retries.add(1, { 'wechatpay.variant': variant, 'wechatpay.operation': operation });
    }
  }

  within(run: () => void): void {
    context.with(this.#context, run);
  }

  end(end: AttemptEnd): void {
    const { instruments } = this.around;
    const errorType = attemptErrorType(end);
    if (!(end.phase === 'notSent' && BEFORE_HTTP.has(end.reason ?? ''))) {
      const { host, port, scheme } = this.#address;
      instruments.current.requests.record((performance.now() - this.#beganAt) / 1_000, {
        'http.request.method': this.attempt.method,
        'server.address': host,
        'server.port': port,
        'url.scheme': scheme,
        ...(end.status !== undefined && { 'http.response.status_code': end.status }),
        ...(errorType !== undefined && { 'error.type': errorType }),
      });
    }
    if (end.kind === 'unverified' && FAILED_PROOFS.has(end.reason ?? '')) {
      instruments.current.verificationFailures.add(1, {
        'wechatpay.variant': this.attempt.variant,
        'wechatpay.reason': end.reason ?? '',
      });
    }
    this.#span.setAttributes(attemptEndAttributes(end));
    // Who unsubscribes asked for it.
    if (errorType !== undefined && end.kind !== 'unsubscribed') this.#span.setStatus({ code: SpanStatusCode.ERROR });
    this.#span.end();
  }

  /** The request goes out now: what was before, such as signing, is not measured as HTTP. */
  sent(): void {
    this.#beganAt = performance.now();
  }
}

/**
 * Runs what puts a request on the wire.
 *
 * @param run - what does so
 * @param isSuppressed - whether instrumentations are to look away
 */
export function sendingAttempt(run: () => void, isSuppressed: boolean): void {
  const active = context.active();
  const attempt = active.getValue(CURRENT);
  if (attempt instanceof ObservedAttempt) attempt.sent();
  if (isSuppressed) context.with(active.setValue(SUPPRESS, true), run);
  else run();
}
