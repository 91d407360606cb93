import {
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Link,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import type { BatchTrace, BatchTracing, TracedBatch } from './batch-tracing.ts';

/** W3C Trace Context, version 00 and compatible versions. */
const TRACE_PARENT = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})/;

/**
 * One span per batch, from its first message to its commit, with its steps as children. Attribute names follow OpenTelemetry's
 * messaging conventions where they exist.
 */
export class BatchSpans implements BatchTracing {
  readonly #tracer: Tracer;

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  start(batch: TracedBatch): BatchTrace {
    const { topic, partition } = batch.of;
    const root = this.#tracer.startSpan(
      `process ${topic}`,
      {
        kind: SpanKind.CONSUMER,
        startTime: batch.openedAtMs,
        links: linksOf(batch.traceParent),
        attributes: {
          'messaging.system': 'kafka',
          'messaging.operation.type': 'process',
          'messaging.destination.name': topic,
          'messaging.destination.partition.id': String(partition),
          'messaging.batch.message_count': batch.messages,
          'floorwatch.offset.first': batch.first,
          'floorwatch.offset.last': batch.last,
        },
      },
      ROOT_CONTEXT
    );
    // Set all times from our clock. The SDK's clock has more digits, so a step could end after its batch.
    const within = trace.setSpan(ROOT_CONTEXT, root);
    this.#tracer.startSpan('decode', { startTime: batch.openedAtMs }, within).end(batch.closedAtMs);
    return {
      step: async (name, work) => {
        const span = this.#tracer.startSpan(name, { startTime: Date.now() }, within);
        try {
          return await work();
        } catch (error) {
          fail(span, error);
          fail(root, error);
          throw error;
        } finally {
          span.end(Date.now());
        }
      },
      end: () => {
        // After the write, because rows that only ClickHouse rejects become dead letters during the write.
        const rejected = [...batch.rejected.values()].reduce((sum, count) => sum + count, 0);
        root.setAttributes({
          'floorwatch.rows': batch.rows.rows,
          'floorwatch.rejected': rejected,
          'floorwatch.duplicates': batch.duplicates,
        });
        root.end(Date.now());
      },
    };
  }
}

/** The trace of the first message's producer. A batch has many producers, so it is a link, not a parent. */
function linksOf(traceParent: string | null): Link[] {
  const [, traceId = '', spanId = '', flags = '0'] = TRACE_PARENT.exec(traceParent ?? '') ?? [];
  const context = { traceId, spanId, traceFlags: parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(context) ? [{ context }] : [];
}

function fail(span: Span, error: unknown): void {
  span.recordException(error as Error);
  span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).message });
}
