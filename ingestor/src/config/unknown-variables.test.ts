import { expect, test } from 'vitest';
import { unknownVariables } from './unknown-variables.ts';
import { VARIABLES } from './variables.ts';

test.each([
  ['KAFKA_BROKER', 'KAFKA_BROKERS'],
  ['KAFKA_TOPICS', 'KAFKA_TOPIC'],
  ['CLICKHOUSE_PASWORD_FILE', 'CLICKHOUSE_PASSWORD_FILE'],
  ['CLICKHOUSE_USER_FILE', 'CLICKHOUSE_USER'],
  ['MASK_FIELD', 'MASK_FIELDS'],
])('%s was meant to be %s', (name, meant) => {
  expect(unknownVariables({ [name]: 'hunter2' })).toEqual([{ name, meant }]);
});

test('variables of the ingestor and of other programs are not reported', () => {
  const own = Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, '1']));
  // Variables that Kubernetes sets for a service of this name, of a proxy, and of the Kafka and ClickHouse images.
  const foreign = [
    'KAFKA_PORT',
    'KAFKA_SERVICE_HOST',
    'KAFKA_PORT_9092_TCP_ADDR',
    'CLICKHOUSE_SERVICE_PORT',
    'HTTP_PROXY',
  ];
  const images = ['KAFKA_NODE_ID', 'KAFKA_LISTENERS', 'KAFKA_HOME', 'CLICKHOUSE_DB', 'CLICKHOUSE_CONFIG', 'LOG_FORMAT'];
  const others = Object.fromEntries([...foreign, ...images, 'OTEL_SERVICE_NAME', 'PATH'].map((name) => [name, '1']));
  expect(unknownVariables({ ...own, ...others, CLICKHOUSE_PASSWORD_FILE: 'f' })).toEqual([]);
});
