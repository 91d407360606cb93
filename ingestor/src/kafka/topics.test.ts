import type { Admin } from 'kafkajs';
import { expect, test } from 'vitest';
import { namesTopic } from '../config/topic-entries.ts';
import { topicsOf } from './topics.ts';

const EXISTING = ['site-b.telemetry', 'site-a.telemetry', 'site-a.commands', '__site-c.telemetry', 'rejected'];
const admin = {
  ask: <T>(question: (client: Admin) => Promise<T>): Promise<T> =>
    question({ listTopics: () => Promise.resolve(EXISTING) } as unknown as Admin),
};
const never = { ask: () => Promise.reject(new Error('names need no question')) };

test('a pattern reads the topics that exist and match, and a name is read as it is', async () => {
  expect(await topicsOf(admin, ['^site-.+[.]telemetry$'], null)).toEqual(['site-a.telemetry', 'site-b.telemetry']);
  expect(await topicsOf(admin, ['^site-a', 'site-a.commands', 'later'], null)).toEqual([
    'later',
    'site-a.commands',
    'site-a.telemetry',
  ]);
  expect(await topicsOf(never, ['site-a.telemetry', 'later'], null)).toEqual(['site-a.telemetry', 'later']);
});

test('no pattern reads the copies of rejected messages, or what Kafka keeps for itself', async () => {
  expect(await topicsOf(admin, ['^'], 'rejected')).toEqual(['site-a.commands', 'site-a.telemetry', 'site-b.telemetry']);
});

test('a topic is named by its name or by a pattern', () => {
  const entries = ['robot.telemetry', '^site-'];
  expect(
    ['robot.telemetry', 'site-x', 'robotXtelemetry', '__site-x'].map((topic) => namesTopic(entries, topic))
  ).toEqual([true, true, false, false]);
});
