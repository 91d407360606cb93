import kafkajs, { type Kafka, type Message } from 'kafkajs';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createMetrics } from '../metrics/metrics.ts';
import { DeadLetterTopic, type RejectedMessage } from './dead-letter-topic.ts';

const MAX_MESSAGE_BYTES = 100_000;
const MAX_REQUEST_BYTES = 1_000_000;
const MAX_REQUESTS = 2_000;

const bytesOf = ({ key, value, headers = {} }: Message): number =>
  [key, value, ...Object.entries(headers).flat(2)].reduce((sum, each) => sum + Buffer.byteLength(each ?? ''), 0);

/** A topic with a limit for messages, on a broker with one for requests. */
function topicWith(maxMessageBytes = MAX_MESSAGE_BYTES) {
  const stored: Message[] = [];
  let requests = 0;
  const send = ({ messages }: { messages: Message[] }): Promise<void> => {
    if (++requests > MAX_REQUESTS) return new Promise(() => undefined);
    if (messages.reduce((sum, each) => sum + bytesOf(each), 0) > MAX_REQUEST_BYTES) return new Promise(() => undefined);
    if (messages.some((each) => bytesOf(each) > maxMessageBytes)) {
      const error = Object.assign(new Error('too large'), { type: 'MESSAGE_TOO_LARGE', code: 10 });
      return Promise.reject(new kafkajs.KafkaJSProtocolError(error));
    }
    return Promise.resolve(void stored.push(...messages));
  };
  const kafka = { producer: () => ({ connect: () => Promise.resolve(), send }) } as unknown as Kafka;
  return {
    stored,
    topic: new DeadLetterTopic(kafka, 'dead', { metrics: createMetrics(), log: pino({ enabled: false }) }),
  };
}

const rejected = (offset: number, rest: Partial<RejectedMessage>): RejectedMessage => ({
  ...{ of: { topic: 't', partition: 0 }, offset, reason: 'invalid_json', detail: 'no JSON', key: Buffer.from('k') },
  ...{ value: Buffer.from('{'), headers: undefined, ...rest },
});
const { signal } = new AbortController();
const large = Buffer.alloc(MAX_MESSAGE_BYTES);

test('a message that does not fit is sent without what is too large, and the next ones as they are', async () => {
  const { stored, topic } = topicWith();
  await topic.send(
    [
      rejected(1, { value: large }),
      rejected(2, { headers: { note: large, hop: [Buffer.from('a'), Buffer.from('b')] } }),
      rejected(3, { value: null, key: large }),
      rejected(4, { detail: 'x'.repeat(MAX_MESSAGE_BYTES) }),
      rejected(6, { headers: { 'floorwatch.omitted_header_bytes': large, 'floorwatch.other': large } }),
      rejected(5, { headers: { note: Buffer.from('small') } }),
    ],
    signal
  );
  const sent = new Map(stored.map((each) => [String(each.headers?.['floorwatch.offset']), each]));
  expect([...sent.keys()].toSorted()).toEqual(['1', '2', '3', '4', '5', '6']);
  expect(sent.get('1')).toMatchObject({ key: Buffer.from('k'), value: null });
  expect(sent.get('1')?.headers).toMatchObject({ 'floorwatch.omitted_value_bytes': String(large.length) });
  expect(sent.get('2')?.headers).toMatchObject({
    'floorwatch.reason': 'invalid_json',
    'floorwatch.omitted_header_bytes': String(large.length + 'note'.length + 'hop'.length + 2),
  });
  expect(sent.get('2')?.headers).not.toHaveProperty('note');
  expect(sent.get('3')).toMatchObject({ key: null, value: null });
  expect(sent.get('5')).toMatchObject({ value: Buffer.from('{'), headers: { note: Buffer.from('small') } });
});

test('a message that does not fit at all stops nothing', async () => {
  const { stored, topic } = topicWith(10);
  await topic.send([rejected(1, {})], signal);
  expect(stored).toEqual([]);
});

test('messages with large headers are sent in requests that a broker accepts', async () => {
  const { stored, topic } = topicWith();
  const headers = { note: Buffer.alloc(MAX_MESSAGE_BYTES / 2) };
  await topic.send(
    Array.from({ length: 100 }, (_, offset) => rejected(offset, { headers })),
    signal
  );
  expect(stored).toHaveLength(100);
});
