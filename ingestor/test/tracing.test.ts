import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startIngestRig, type IngestRig } from './ingest-rig.ts';

interface Attribute {
  key: string;
  value: { stringValue?: string; intValue?: number | string };
}
interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attribute[];
  links: { traceId: string; spanId: string }[];
}
interface Export {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: Span[] }[] }[];
}

/** In OTLP's format: the collector of the test is a real HTTP server. */
const exports: Export[] = [];
const paths = new Set<string | undefined>();
let collector: Server;
let endpoint: string;
let rig: IngestRig;

beforeAll(async () => {
  rig = await startIngestRig();
  collector = createServer((request, response) => {
    paths.add(request.url);
    void text(request).then((body) => {
      exports.push(JSON.parse(body) as Export);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
});
afterAll(async () => {
  collector.close();
  await rig.stop();
});

const spans = () => exports.flatMap((one) => one.resourceSpans.flatMap((r) => r.scopeSpans.flatMap((s) => s.spans)));
const valuesOf = (attributes: Attribute[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]));

test('a batch is one span, with its steps as children and the producer of its first message as a link', async () => {
  await rig.createTopic('traced');
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const spanId = 'b7ad6b7169203331';
  const event = { robot_id: 'amr-1', ts: new Date().toISOString() };
  const headers = { traceparent: `00-${traceId}-${spanId}-01` };
  await rig.produce('traced', [
    { key: 'one', headers, value: JSON.stringify(event) },
    { key: 'one', value: JSON.stringify({ ...event, robot_id: 'amr-2' }) },
    { key: 'one', value: 'broken' },
  ]);
  const ingestor = await rig.startIngestor('traced', {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
  });
  await rig.eventually<{ total: number }>(
    "SELECT toInt32(count()) AS total FROM warehouse.telemetry_raw WHERE topic = 'traced'",
    ({ total }) => total === 2
  );
  await ingestor.stop();

  expect([...paths]).toEqual(['/v1/traces']);
  const [batch, ...others] = spans().filter(({ name }) => name === 'process traced');
  if (!batch) throw new Error('no span');
  expect(others).toEqual([]);
  const { 'messaging.destination.partition.id': partition, ...attributes } = valuesOf(batch.attributes);
  expect(['0', '1']).toContain(partition);
  expect(attributes).toEqual({
    'messaging.system': 'kafka',
    'messaging.operation.type': 'process',
    'messaging.destination.name': 'traced',
    'messaging.batch.message_count': 3,
    'floorwatch.offset.first': 0,
    'floorwatch.offset.last': 2,
    'floorwatch.rows': 2,
    'floorwatch.rejected': 1,
    'floorwatch.duplicates': 0,
  });
  expect(batch.links).toMatchObject([{ traceId, spanId }]);
  const children = spans().filter(({ parentSpanId }) => parentSpanId === batch.spanId);
  expect(children.map(({ name }) => name)).toEqual(['decode', 'claim', 'insert', 'commit']);
  for (const child of children) {
    expect(child.traceId).toBe(batch.traceId);
    expect(BigInt(child.startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(batch.startTimeUnixNano));
    expect(BigInt(child.endTimeUnixNano)).toBeLessThanOrEqual(BigInt(batch.endTimeUnixNano));
  }
  const resource = valuesOf(exports[0]?.resourceSpans[0]?.resource.attributes ?? []);
  expect(resource).toMatchObject({ 'service.name': 'floorwatch-ingestor', 'deployment.environment.name': 'test' });
});

test('an unavailable collector delays nothing, and with tracing off nothing is sent', async () => {
  await rig.createTopic('untraced');
  const before = exports.length;
  const value = JSON.stringify({ robot_id: 'amr-1', ts: new Date().toISOString() });
  const total = "SELECT toInt32(count()) AS total FROM warehouse.telemetry_raw WHERE topic = 'untraced'";
  for (const [count, env] of [
    [1, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }],
    [2, { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: 'true' }],
  ] as const) {
    const ingestor = await rig.startIngestor('untraced', env);
    await rig.produce('untraced', [{ key: 'k', value }]);
    expect(await rig.eventually<{ total: number }>(total, (row) => row.total === count)).toEqual({ total: count });
    await ingestor.stop();
  }
  expect(exports).toHaveLength(before);
});
