import { expect, test } from 'vitest';
import type { SentEvent } from '../fleet/ledger.ts';
import { cellsOf } from './cells.ts';
import { NowStates, statusOf } from './now-states.ts';
import { MINUTE_MS, robotPeriods, settledSinceMs } from './robot-periods.ts';
import { distinctByTime } from './stored.ts';

const START_MS = Date.UTC(2026, 5, 1, 12);
let offset = 0;

/** @param seconds event time; it is sent at once unless `sentMs` says otherwise */
const sentAt = (seconds: number, fields: Partial<SentEvent> = {}): SentEvent => ({
  ...{
    eventId: `id-${++offset}`,
    robotId: 'r',
    eventType: 'POSITION_UPDATE',
    taskId: null,
    state: 'working',
    errorCode: null,
  },
  ...{ x: 0.5, y: 0.5, mapId: 'hall', siteId: 'site', battery: 50, speed: 1, score: 0.5, deviationMetres: null },
  ...{ tsMs: START_MS + seconds * 1000, sentMs: START_MS + seconds * 1000, partition: 0, offset, part: 0 },
  ...fields,
});

test('an event counts once, in the order of event time', () => {
  const [late, early] = [sentAt(10), sentAt(5)];
  expect(distinctByTime([late, early, late])).toEqual([early, late]);
});

test('the newest event that has a field says it; a late one does not, and one from the future only until the next', () => {
  const events = [
    sentAt(0, { battery: 80 }),
    sentAt(1, { battery: null, x: null, y: null, state: 'idle' }),
    sentAt(-30, { battery: 10, state: 'error', sentMs: START_MS + 2_000 }),
    sentAt(72_000, { battery: 30, state: 'blocked', sentMs: START_MS + 3_000 }),
    sentAt(4, { battery: 79, state: 'charging' }),
  ];
  const states = new NowStates(events);
  const battery = [1, 2, 3, 4, 5].map((length) => states.after(length)?.battery);
  expect(battery).toEqual([80, 80, 80, 30, 79]);
  expect([1, 2, 3, 4, 5].map((length) => states.after(length)?.state)).toEqual([
    ...['working', 'idle', 'idle', 'blocked', 'charging'],
  ]);
  expect(states.after(2)?.placed).toBe(events[0]);
  expect(states.after(5)?.clockOffsetMs).toBe(-71_997_000);
  expect(states.at(START_MS + 1_500)).toBe(states.after(2));
  expect(states.at(START_MS - 1)).toBeNull();
  const last = states.after(5);
  expect(last && statusOf(last, START_MS + 64_000)).toBe('charging');
  expect(last && statusOf(last, START_MS + 64_001)).toBe('silent');
  expect(states.after(1)?.start).toEqual({ sinceMs: START_MS, beforeMs: START_MS });
  expect(states.after(2)?.start).toEqual({ sinceMs: START_MS + 1_000, beforeMs: START_MS });
  // The late event does not start anything; the one from the future is as new as its arrival.
  expect(states.after(3)?.start).toEqual({ sinceMs: START_MS + 1_000, beforeMs: START_MS });
  expect(states.after(4)?.start).toEqual({ sinceMs: START_MS + 3_000, beforeMs: START_MS + 1_000 });
});

test('a minute that only a clock that is ahead reaches is marked', () => {
  const sentMs = START_MS;
  const periods = robotPeriods([sentAt(3_600, { sentMs }), sentAt(3_650, { sentMs })], MINUTE_MS);
  const marked = [...periods].map(([startMs, { events, clock_ahead_events }]) => [
    startMs - START_MS,
    events,
    clock_ahead_events,
  ]);
  expect(marked).toEqual([
    [3_600_000, 2, 2],
    [3_660_000, 0, 1],
  ]);
});

test('a minute is settled when the last event is sent that it depends on', () => {
  const late = sentAt(50, { sentMs: START_MS + 500_000 });
  const sent = [sentAt(10), sentAt(70), late, sentAt(200)];
  expect(settledSinceMs(sent, START_MS)).toBe(START_MS + 500_000);
  expect(settledSinceMs(sent, START_MS + MINUTE_MS)).toBe(START_MS + 500_000);
  expect(settledSinceMs(sent, START_MS + 3 * MINUTE_MS)).toBe(START_MS + 200_000);
});

test('seconds, waiting and company in a square metre, as computed by hand', () => {
  const cells = cellsOf(
    [
      sentAt(10, { x: 0.5, y: 0.5 }),
      sentAt(30, { x: 1.5, y: 0.5, state: 'blocked' }),
      sentAt(70, { x: 1.5, y: 0.5, state: 'blocked' }),
      sentAt(90, { x: 9.5, y: 9.5 }),
      sentAt(40, { robotId: 'other', x: 2.5, y: 1.5, state: 'idle', deviationMetres: 0.2 }),
      sentAt(50, { robotId: 'ahead', x: 1.5, y: 0.5, sentMs: START_MS - 3_600_000 }),
    ],
    5 * MINUTE_MS
  );
  const cell = (name: string) => cells.get(`${START_MS} hall ${name}`);
  expect(cells.size).toBe(4);
  expect(cell('0 0')).toMatchObject({ dwell_seconds: 20, waiting_seconds: 0, score_reports: 1 });
  // the other robot is beside it in the first of the two minutes
  expect(cell('1 0')).toMatchObject({
    dwell_seconds: 60,
    waiting_seconds: 60,
    congested_seconds: 40,
    score_reports: 2,
  });
  expect(cell('9 9')).toMatchObject({ dwell_seconds: 60 });
  expect(cell('2 1')).toMatchObject({ dwell_seconds: 60, congested_seconds: 0, deviation_reports: 1 });
});
