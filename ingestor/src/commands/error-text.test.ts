import { ClickHouseError } from '@clickhouse/client';
import { KafkaJSConnectionError } from 'kafkajs';
import { expect, test } from 'vitest';
import { ConfigError } from '../config/config.ts';
import { NoBrokerAnswersError } from '../kafka/answering-broker.ts';
import { errorText } from './error-text.ts';

const withCode = (error: Error, code: string): Error => Object.assign(error, { code });

test('an unreachable server is one line with the remedy, without a stack', () => {
  expect(errorText(withCode(new Error('connect ECONNREFUSED 127.0.0.1:1'), 'ECONNREFUSED'))).toBe(
    'ClickHouse cannot be reached (connect ECONNREFUSED 127.0.0.1:1). Is CLICKHOUSE_URL right, and is it running?'
  );
  expect(errorText(withCode(new AggregateError([]), 'ECONNREFUSED'))).toContain('(ECONNREFUSED)');
  expect(errorText(new KafkaJSConnectionError('connect ECONNREFUSED'))).toContain('Is KAFKA_BROKERS right');
  expect(errorText(new NoBrokerAnswersError('kafka:9092: no answer within 5 s'))).toBe(
    'Kafka cannot be reached (kafka:9092: no answer within 5 s). Is KAFKA_BROKERS right, and is it running?'
  );
});

test.each([
  [
    'UNKNOWN_DATABASE',
    'Database warehouse does not exist. ',
    'Run `ingestor migrate` as floorwatch_owner, which creates the schema.',
  ],
  [
    'ACCESS_DENIED',
    'Not enough privileges.',
    'migrate, dead-letters, backfill, robots, backup, restore, export and erase need CLICKHOUSE_USER=floorwatch_owner',
  ],
  ['MEMORY_LIMIT_EXCEEDED', 'Too much', 'Run `ingestor check` for details.'],
])('ClickHouse error %s is one line with the remedy', (type, message, remedy) => {
  const text = errorText(new ClickHouseError({ code: '1', type, message }));
  expect(text).toContain(`ClickHouse error: ${message.trim().replace('.', '')} (${type}). ${remedy}`);
});

test('an error that the user can fix is only its message; any other error keeps its stack', () => {
  expect(errorText(new ConfigError('HTTP_PORT must be a number'))).toBe('HTTP_PORT must be a number');
  expect(errorText(new RangeError('a bug'))).toContain('error-text.test');
});
