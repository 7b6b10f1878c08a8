import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  AggregationTemporality,
  type DataPoint,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';

/** The real SDK of OpenTelemetry, whose exporters keep everything in memory. */
export class Telemetry {
  readonly #spans = new InMemorySpanExporter();
  readonly #tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(this.#spans)] });
  readonly #metrics = new InMemoryMetricExporter(AggregationTemporality.DELTA);
  readonly #reader = new PeriodicExportingMetricReader({ exporter: this.#metrics, exportIntervalMillis: 3_600_000 });
  readonly #meters = new MeterProvider({ readers: [this.#reader] });

  /** Installs it, as an application does at its start. */
  install(): this {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    trace.setGlobalTracerProvider(this.#tracers);
    metrics.setGlobalMeterProvider(this.#meters);
    return this;
  }

  /** Takes it out. */
  async remove(): Promise<void> {
    context.disable();
    propagation.disable();
    trace.disable();
    metrics.disable();
    await this.#tracers.shutdown();
    await this.#meters.shutdown();
  }

  /** Spans that have ended, the first to end first. */
  get spans(): readonly ReadableSpan[] {
    return this.#spans.getFinishedSpans();
  }

  /** Forgets what came so far. */
  async reset(): Promise<void> {
    await this.#meters.forceFlush();
    this.#spans.reset();
    this.#metrics.reset();
  }

  /** What was measured since the last reset: per metric its points, as attributes and value or count. */
  async measured(): Promise<Record<string, readonly (readonly [attributes: object, value: number])[]>> {
    await this.#meters.forceFlush();
    const scopes = this.#metrics.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
    const all = scopes.flatMap((scope) => scope.metrics);
    const names = new Set(all.map(({ descriptor }) => descriptor.name));
    return Object.fromEntries(
      [...names].map((name) => [
        name,
        all
          .filter(({ descriptor }) => descriptor.name === name)
          .flatMap(({ dataPoints }) => dataPoints as DataPoint<number | Histogram>[])
          .map(({ attributes, value }) => [attributes, typeof value === 'number' ? value : value.count] as const),
      ]),
    );
  }

  /** Everything that was exported, as text. */
  everything(): string {
    const told = this.spans.map(({ name, attributes, status, events, links, resource, instrumentationScope }) => ({
      name,
      attributes,
      status,
      events,
      links: links.map((link) => link.attributes),
      resource: resource.attributes,
      instrumentationScope,
    }));
    return JSON.stringify([told, this.#metrics.getMetrics()]);
  }
}
