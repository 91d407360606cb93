import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FleetMessage } from './message.ts';
import { recordedMessages } from './recorded-messages.ts';
import { readRecording, type RecordedLine } from './recording.ts';
import { measureRecording } from './recording-period.ts';

const DAY_MS = 86_400_000;
const FIRST_MS = Date.now() - 10 * DAY_MS;
const RUN_ID = '0d6c1a52-6d0b-4f38-8f1c-1f6b6a2b9f10';
const ID = 'f30f06be-e2b4-538f-b0c1-10aef956c8cf';

const event = (offsetMs: number, fields: object = {}) =>
  JSON.stringify({ event_id: ID, robot_id: 'r1', ts: new Date(FIRST_MS + offsetMs).toISOString(), ...fields });

async function linesOf(file: string): Promise<RecordedLine[]> {
  const lines: RecordedLine[] = [];
  for await (const batch of readRecording(file)) lines.push(...batch);
  return lines;
}

describe('recordings', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'floorwatch-recording-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const record = async (content: string | Buffer, name = 'fleet.jsonl') => {
    const file = join(folder, name);
    await writeFile(file, name.endsWith('.gz') ? gzipSync(content) : content);
    return file;
  };

  const parsed = (messages: FleetMessage[]) =>
    messages.map(({ value }) => JSON.parse(String(value)) as Record<string, unknown>);

  async function replay(file: string, shiftMs: number | null, limit?: number) {
    const bad: string[] = [];
    const messages: FleetMessage[] = [];
    const period = await measureRecording(file, limit ?? Infinity);
    const rewrite = shiftMs === null ? null : { period, shiftMs, runId: RUN_ID };
    const onBadLine = (text: string) => bad.push(text.slice(folder.length + 1));
    for await (const batch of recordedMessages({ file, limit, period, rewrite, onBadLine })) messages.push(...batch);
    return { period, bad, messages };
  }

  it('reads plain and gzipped lines, with or without a last newline, and skips empty lines', async () => {
    for (const [name, content] of [
      ['a.jsonl', 'one\n\ntwo\r\nthree'],
      ['a.jsonl.gz', 'one\n\ntwo\nthree\n'],
    ] as const) {
      const lines = await linesOf(await record(content, name));
      expect(lines.map(({ number, bytes }) => [number, String(bytes)])).toEqual([
        [1, 'one'],
        [3, 'two'],
        [4, 'three'],
      ]);
    }
  });

  it('reads lines that are longer than the chunks of a file', async () => {
    const long = 'x'.repeat(300_000);
    const lines = await linesOf(await record(`${long}\n${long}\nend`));
    expect(lines.map(({ bytes }) => bytes.length)).toEqual([300_000, 300_000, 3]);
  });

  it('names a file that is missing or cut short', async () => {
    await expect(linesOf(join(folder, 'none.jsonl'))).rejects.toThrow(/none\.jsonl: ENOENT/);
    const whole = gzipSync(event(0));
    await writeFile(join(folder, 'cut.jsonl.gz'), whole.subarray(0, whole.length - 12));
    await expect(linesOf(join(folder, 'cut.jsonl.gz'))).rejects.toThrow(/cut\.jsonl\.gz: /);
  });

  it('shifts every time by the same amount and keeps the intervals', async () => {
    const file = await record([event(0), event(1500), event(2500, { ts: FIRST_MS + 2500 })].join('\n'));
    const { messages, period } = await replay(file, DAY_MS);
    const json = parsed(messages);
    expect(period).toEqual({ firstMs: FIRST_MS, lastMs: FIRST_MS + 2500, lines: 3 });
    expect(json.map(({ ts }) => ts)).toEqual([
      new Date(FIRST_MS + DAY_MS).toISOString(),
      new Date(FIRST_MS + DAY_MS + 1500).toISOString(),
      FIRST_MS + DAY_MS + 2500,
    ]);
    expect(messages.map(({ offsetMs }) => offsetMs)).toEqual([0, 1500, 2500]);
  });

  it('renews event ids so that a duplicate stays a duplicate, and changes no other field', async () => {
    const fields = { x: 1.25, y: 0, meta: { heading: 0.5 }, unknown: [1, { a: null }] };
    const file = await record([event(0, fields), event(0, fields), event(0, { event_id: undefined })].join('\n'));
    const { messages } = await replay(file, 0);
    const json = parsed(messages);
    expect(json[0]?.['event_id']).not.toBe(ID);
    expect(json[1]).toEqual(json[0]);
    expect(json[0]).toMatchObject(fields);
    expect(messages.map(({ events }) => events[0]?.eventId)).toEqual([
      json[0]?.['event_id'],
      json[0]?.['event_id'],
      null,
    ]);
  });

  it('keeps every byte when times are not shifted', async () => {
    const text = `{ "robot_id":"r1",  "ts":${String(FIRST_MS)}, "x":1.0, "y":2e0 }`;
    expect(String((await replay(await record(text), null)).messages[0]?.value)).toBe(text);
  });

  it('reports each invalid line and sends it unchanged', async () => {
    const utf8 = Buffer.concat([Buffer.from(event(0).slice(0, -1)), Buffer.from([0xff, 0x7d, 0x0a])]);
    const text = `${event(0)}\n{"robot_id":"r1"\n${event(5, { battery: 300 })}\n[${event(6)},7]\n`;
    const { bad, messages } = await replay(await record(Buffer.concat([Buffer.from(text), utf8])), DAY_MS);
    expect(bad).toEqual([
      expect.stringMatching(/^fleet\.jsonl:2: invalid_json: /),
      'fleet.jsonl:3: battery_out_of_range: battery 300 is not within 0 to 100 percent',
      'fleet.jsonl:4: not_an_object: got number',
      'fleet.jsonl:5: invalid_utf8: the line is not UTF-8',
    ]);
    expect(messages.map(({ malformed, events }) => [events.length, malformed])).toEqual([
      [1, 0],
      [0, 1],
      [0, 1],
      [1, 1],
      [0, 1],
    ]);
    expect(String(messages[1]?.value)).toBe('{"robot_id":"r1"');
    expect(messages[4]?.value?.equals(utf8.subarray(0, -1))).toBe(true);
  });

  it('ignores a wrong clock for the period of the recording, and does not correct it', async () => {
    const lines = [event(0, { ts: 0 }), event(0), event(10), event(20), event(30, { ts: '2099-01-01T00:00:00Z' })];
    const { period, messages } = await replay(await record(lines.join('\n')), DAY_MS);
    const json = parsed(messages);
    expect(period).toMatchObject({ firstMs: FIRST_MS, lastMs: FIRST_MS + 20 });
    expect([json[0]?.['ts'], json[4]?.['ts']]).toEqual([0, '2099-01-01T00:00:00Z']);
    expect(messages.map(({ offsetMs, malformed }) => [offsetMs, malformed])).toEqual([
      [0, 1],
      [0, 0],
      [10, 0],
      [20, 0],
      [20, 1],
    ]);
  });

  it('stops at the limit', async () => {
    const file = await record([event(0), event(1000), event(2000)].join('\n'));
    const { messages, period } = await replay(file, 0, 2);
    expect(messages).toHaveLength(2);
    expect(period).toMatchObject({ lastMs: FIRST_MS + 1000, lines: 2 });
  });

  it('rejects a file in which no line has a time', async () => {
    await expect(measureRecording(await record('hello\n'), Infinity)).rejects.toThrow(/fleet\.jsonl: no line has a ts/);
  });
});
