import { expect, test } from 'vitest';
import { formatOffsets, parseBound } from './bound.ts';
import { resolveOffsets, type LogIndex } from './offset-range.ts';

const NOW = Date.UTC(2026, 10, 24, 12);
const log: LogIndex = {
  topic: 't',
  watermarks: [
    { partition: 0, low: 100, high: 1_000 },
    { partition: 1, low: 0, high: 50 },
  ],
  // The first partition has messages after nine o'clock, the second has none.
  offsetsAt: (timeMs) => Promise.resolve(new Map(timeMs <= Date.UTC(2026, 10, 24, 9) ? [[0, 400]] : [])),
};
const ranges = async (from: string, to: string) =>
  (await resolveOffsets(log, parseBound('--from', from, NOW), parseBound('--to', to, NOW), NOW)).ranges.map(
    (range) => `${range.partition}:${range.from}-${range.to}`
  );

test('a time means the first offset that is not older, or the end of the partition if there is none', async () => {
  expect(await ranges('2026-11-24T08:00:00Z', 'latest')).toEqual(['0:400-1000']);
  expect(await ranges('4h', '1h')).toEqual(['0:400-1000']);
  expect(await ranges('earliest', '2026-11-24T08:00:00+00:00')).toEqual(['0:100-400', '1:0-50']);
});

test('an offset applies to every partition, up to its end', async () => {
  expect(await ranges('40', '500')).toEqual(['0:100-500', '1:40-50']);
  expect(await ranges('60', 'latest')).toEqual(['0:100-1000']);
});

test('offsets by partition exclude other partitions, and are printed as they were written', async () => {
  expect(await ranges('1:7', 'latest')).toEqual(['1:7-50']);
  expect(await ranges('0:200,1:7', '1:9,0:300')).toEqual(['0:200-300', '1:7-9']);
  const bound = parseBound('--from', '1:9,0:300', NOW);
  expect(bound.kind === 'offsets' && formatOffsets(bound.byPartition)).toBe('1:9,0:300');
});

test('a notice says what is no longer in the log', async () => {
  const { notices } = await resolveOffsets(log, parseBound('', '0:5', NOW), parseBound('', 'latest', NOW), NOW);
  expect(notices).toEqual(['partition 0 starts at offset 100: earlier messages are no longer in the log']);
});

test.each([
  ['0:10', '1:20', /no partition in common/],
  ['0:500', '0:400', /--from 0:500 is after --to 0:400/],
  ['latest', 'latest', /--from latest/],
  ['earliest', 'earliest', /--to earliest/],
  ['99999999999999999999', 'latest', /larger than any offset/],
])('%s to %s is an error', async (from, to, said) => {
  await expect(ranges(from, to)).rejects.toThrow(said);
});
