import { validate } from '@floorwatch/contract';
import { describe, expect, it } from 'vitest';
import { createFaultInjector, type FaultOptions } from './faults.ts';
import { MALFORMATIONS } from './malformed.ts';
import type { FleetMessage } from './message.ts';

const NOW_MS = Date.UTC(2026, 0, 17, 12);
const EVENT = {
  robot_id: 'robot-0001',
  ts: new Date(NOW_MS).toISOString(),
  x: 1.5,
  y: 2.5,
  battery: 50,
  state: 'idle' as const,
};

/** One event per second from each robot. */
function stream(robots: number, seconds: number): FleetMessage[][] {
  return Array.from({ length: seconds }, (_, second) =>
    Array.from({ length: robots }, (_, index) => {
      const robotId = `robot-${String(index)}`;
      const value = Buffer.from(JSON.stringify({ ...EVENT, robot_id: robotId }));
      const events = [{ eventId: `${robotId}/${String(second)}`, robotId }];
      return { offsetMs: second * 1000, key: robotId, value, events, malformed: 0 };
    })
  );
}

function inject(batches: FleetMessage[][], options: FaultOptions, seed = 1): FleetMessage[] {
  const faults = createFaultInjector(options, seed);
  return [...batches.flatMap((batch) => faults.inject(batch)), ...faults.drain()];
}

const idOf = ({ events }: FleetMessage) => events[0]?.eventId ?? '';

describe('faults', () => {
  it('does not change a stream when no faults are set', () => {
    const batches = stream(3, 5);
    expect(inject(batches, {})).toEqual(batches.flat());
  });

  it('sends the set share of messages twice', () => {
    const sent = inject(stream(100, 100), { duplicates: 0.05 });
    expect(new Set(sent.map(idOf)).size).toBe(10_000);
    expect(sent.length - 10_000).toBeGreaterThan(400);
    expect(sent.length - 10_000).toBeLessThan(600);
  });

  it('delays the set share of messages and loses none', () => {
    const sent = inject(stream(100, 100), { late: 0.02 });
    expect(new Set(sent.map(idOf)).size).toBe(10_000);
    expect(sent).toHaveLength(10_000);
    const late = sent.filter((message) => message.offsetMs > Number(idOf(message).split('/')[1]) * 1000);
    expect(late.length).toBeGreaterThan(120);
    expect(late.length).toBeLessThan(280);
  });

  it('sends messages in the order of their offsets', () => {
    const offsets = inject(stream(20, 200), { late: 0.1, duplicates: 0.1 }).map(({ offsetMs }) => offsetMs);
    expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
  });

  it('silences the set share of robots, the same robots for the same seed', () => {
    const sent = inject(stream(200, 20), { silent: 0.25, silentAfterSeconds: 10 });
    const speaking = (after: number) =>
      new Set(sent.filter(({ offsetMs }) => offsetMs >= after).map(({ key }) => String(key)));
    expect(speaking(0).size).toBe(200);
    expect(200 - speaking(10_000).size).toBeGreaterThan(30);
    expect(200 - speaking(10_000).size).toBeLessThan(70);
    expect(inject(stream(200, 20), { silent: 0.25, silentAfterSeconds: 10 })).toEqual(sent);
  });

  it('adds every kind of malformed message and keeps the valid ones', () => {
    const sent = inject(stream(10, 50), { malformed: 0.1 });
    expect(sent.filter(({ events }) => events.length === 1)).toHaveLength(500);
    const bad = sent.filter(({ malformed }) => malformed === 1);
    expect(bad.length).toBeGreaterThanOrEqual(MALFORMATIONS.length);
    expect(bad.some(({ value }) => value === null)).toBe(true);
  });
});

describe('malformed messages', () => {
  const notParsed = new Set(['invalid_json', 'invalid_utf8', 'tombstone']);

  it.each(MALFORMATIONS.filter(({ reason }) => !notParsed.has(reason)))(
    '"$name" is rejected with its reason',
    (malformation) => {
      const json: unknown = JSON.parse(String(malformation.corrupt(EVENT)));
      expect(validate(json, NOW_MS)).toMatchObject({ ok: false, reason: malformation.reason });
    }
  );

  it.each(MALFORMATIONS.filter(({ reason }) => reason === 'invalid_json'))(
    '"$name" is not valid JSON',
    ({ corrupt }) => {
      expect(() => JSON.parse(String(corrupt(EVENT))) as unknown).toThrow(SyntaxError);
    }
  );

  it('"invalid UTF-8" is not valid UTF-8', () => {
    const corrupted = MALFORMATIONS.find(({ reason }) => reason === 'invalid_utf8')?.corrupt(EVENT);
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(corrupted ?? undefined)).toThrow(TypeError);
  });
});
