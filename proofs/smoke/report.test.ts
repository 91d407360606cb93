import { expect, it } from 'vitest';
import { smokeReport, smokeTable, type SmokeFacts } from './report.ts';

const FACTS: SmokeFacts = {
  produced: { messages: 108, events: 105, distinctEventIds: 100, duplicates: 5, malformed: 3, robots: 10 },
  arrived: { eventsPathA: 100, eventsPathB: 100, deadLetters: 3, robots: 10 },
  firstRobotSeconds: 1.2,
  completeSeconds: 3.4,
  leftovers: [],
  parts: [{ name: 'Kafka', state: 'running', address: '', logFile: '' }],
};

it('is ok when both paths stored every event and no process is left', () => {
  expect(smokeReport(FACTS)).toMatchObject({ ok: true, problems: [], events_produced: 100, leftover_processes: 0 });
});

it.each<[string, Partial<SmokeFacts>, string]>([
  ['a missing event', { arrived: { ...FACTS.arrived, eventsPathA: 99 } }, 'events by path A: 99 instead of 100'],
  ['an extra dead letter', { arrived: { ...FACTS.arrived, deadLetters: 4 } }, 'dead letters: 4 instead of 3'],
  ['a missing robot', { arrived: { ...FACTS.arrived, robots: 9 } }, 'robots on the map: 9 instead of 10'],
  ['a remaining process', { leftovers: ['17 java'] }, 'left behind: process 17 java'],
])('is not ok with %s', (_, facts, problem) => {
  const report = smokeReport({ ...FACTS, ...facts });
  expect(report).toMatchObject({ ok: false, problems: [problem] });
  expect(smokeTable(report)).toContain(problem);
});

it('is not ok when nothing was produced', () => {
  const nothing = { messages: 0, events: 0, distinctEventIds: 0, duplicates: 0, malformed: 0, robots: 0 };
  const arrived = { eventsPathA: 0, eventsPathB: 0, deadLetters: 0, robots: 0 };
  expect(smokeReport({ ...FACTS, produced: nothing, arrived }).ok).toBe(false);
});
