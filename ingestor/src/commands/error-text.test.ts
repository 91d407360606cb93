import { ClickHouseError } from '@clickhouse/client';
import { KafkaJSConnectionError } from 'kafkajs';
import { expect, test } from 'vitest';
import { ConfigError } from '../config/config.ts';
import { NoBrokerAnswersError } from '../kafka/answering-broker.ts';
import { errorText } from './error-text.ts';

const withCode = (error: Error, code: string): Error => Object.assign(error, { code });

test('a server that cannot be reached is one line with the remedy, not a stack', () => {
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
  ['UNKNOWN_DATABASE', 'Database warehouse does not exist. ', '`ingestor migrate` makes the schema.'],
  [
    'ACCESS_DENIED',
    'Not enough privileges.',
    'dead-letters, backfill and migrate need CLICKHOUSE_USER=floorwatch_owner',
  ],
  ['MEMORY_LIMIT_EXCEEDED', 'Too much', '`ingestor check` tells more.'],
])('what ClickHouse refuses as %s comes with what to do', (type, message, remedy) => {
  const text = errorText(new ClickHouseError({ code: '1', type, message }));
  expect(text).toContain(`ClickHouse refuses: ${message.trim().replace('.', '')} (${type}). ${remedy}`);
});

test('an error of the user is its message, any other keeps its stack', () => {
  expect(errorText(new ConfigError('HTTP_PORT must be a number'))).toBe('HTTP_PORT must be a number');
  expect(errorText(new RangeError('a bug'))).toContain('error-text.test');
});
