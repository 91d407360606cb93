import type { ClickHouseClient } from '@clickhouse/client';
import { expect, test } from 'vitest';
import { jsonReader } from '../decode/json.ts';
import { topicFormat } from '../decode/topic-format.ts';
import type { PlacedMessage } from './event-source.ts';
import { loadSource } from './load-source.ts';

const DETAIL = 'offsets 1 to 2: its checksum is wrong';

test('offsets of a record batch that cannot be decoded are rejected with the reason, and are not called tombstones', async () => {
  const invalidBatch = { cause: 'crc', detail: DETAIL, firstOffset: 1, lastOffset: 2, bytes: Buffer.alloc(0) } as const;
  const messages: PlacedMessage[] = [
    { place: 0, value: null },
    { place: 1, value: null, invalidBatch },
    { place: 2, value: null, invalidBatch },
    { place: 3, value: Buffer.from(JSON.stringify({ robot_id: 'amr-1', ts: Date.now() })) },
  ];
  const rejected: string[] = [];
  const nowMs = Date.now();
  const counts = await loadSource(
    {
      ...{ client: null as unknown as ClickHouseClient, staging: null, timeoutMs: 1_000, onProgress: () => undefined },
      month: { partition: 0, fromMs: nowMs - 86_400_000, toMs: nowMs + 86_400_000 },
      onRejected: (where, reason, detail) => rejected.push(`${where} ${reason}: ${detail}`),
    },
    {
      ...{ id: 'c/t/0', label: 't/0', topic: 't', partition: 0, format: topicFormat(jsonReader) },
      messages: async function* () {
        yield* await Promise.resolve(messages);
      },
    },
    undefined
  );
  expect(rejected).toEqual([
    't/0:0 tombstone: the message has no value',
    `t/0:1 batch_invalid: ${DETAIL}`,
    `t/0:2 batch_invalid: ${DETAIL}`,
  ]);
  expect(counts).toMatchObject({ next: 4, messages: 4, rows: 1, rejected: 3 });
});
