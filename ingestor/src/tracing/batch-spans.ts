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

/** W3C Trace Context, version 00 and whatever begins like it. */
const TRACE_PARENT = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})/;

/**
 * One span per batch, from its first message to its commit, with what it went through as its children. Names of attributes are
 * those of OpenTelemetry's messaging conventions where there are any.
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
    // All times are of one clock, given by us: the SDK's own has more digits, and a step would end after its batch.
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
        // After the write: what ClickHouse alone refuses has only now become a dead letter.
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

/** The trace of the producer of the first message: a batch has many producers, so it is a link and no parent. */
function linksOf(traceParent: string | null): Link[] {
  const [, traceId = '', spanId = '', flags = '0'] = TRACE_PARENT.exec(traceParent ?? '') ?? [];
  const context = { traceId, spanId, traceFlags: parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(context) ? [{ context }] : [];
}

function fail(span: Span, error: unknown): void {
  span.recordException(error as Error);
  span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).message });
}
