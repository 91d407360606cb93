import { createClient } from '@clickhouse/client';
import { Kafka, logLevel } from 'kafkajs';

/** A program as `bench:ingest --peer` starts it: it reads its topic into its table until it is stopped. */
const env = (name: string): string => process.env[`BENCH_${name}`] ?? '';
const client = createClient({
  url: `http://${env('CLICKHOUSE_HOST')}:${env('CLICKHOUSE_HTTP_PORT')}`,
  username: env('CLICKHOUSE_USER'),
  password: env('CLICKHOUSE_PASSWORD'),
  database: env('CLICKHOUSE_DATABASE'),
});
const kafka = new Kafka({ brokers: [env('KAFKA_BROKERS')], logLevel: logLevel.NOTHING });
const consumer = kafka.consumer({ groupId: env('KAFKA_GROUP_ID') });
await consumer.connect();
await consumer.subscribe({ topic: env('KAFKA_TOPIC'), fromBeginning: true });
await consumer.run({
  eachBatch: async ({ batch }) => {
    const values = batch.messages.map(({ value }) => {
      const { meta, ...event } = JSON.parse(value?.toString() ?? '{}') as Record<string, unknown>;
      return { ...event, meta: JSON.stringify(meta) };
    });
    await client.insert({ table: env('CLICKHOUSE_TABLE'), values, format: 'JSONEachRow' });
  },
});
