import { diag, DiagLogLevel } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Logger } from 'pino';
import { BatchSpans } from './batch-spans.ts';
import type { Tracing } from './batch-tracing.ts';

const SERVICE_NAME = 'floorwatch-ingestor';
/** The process must exit within 5 s of SIGTERM, even if the collector does not respond. */
const FLUSH_MS = 1_000;

/** Spans to an OTLP collector over HTTP. The SDK reads the OTEL_* variables itself: endpoint, headers, sampler, limits. */
export function startOpenTelemetry(log: Logger): Tracing {
  const warn = (message: string, ...details: unknown[]): void => {
    log.warn({ opentelemetry: details.map(String).join(' ') }, message);
  };
  const silent = (): void => undefined;
  diag.setLogger({ error: warn, warn, info: silent, debug: silent, verbose: silent }, DiagLogLevel.WARN);
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': SERVICE_NAME }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const batches = new BatchSpans(provider.getTracer(SERVICE_NAME));
  return {
    start: (range) => batches.start(range),
    stop: async () => {
      const giveUp = new Promise((resolve) => setTimeout(resolve, FLUSH_MS).unref());
      await Promise.race([provider.shutdown().catch(silent), giveUp]);
    },
  };
}
