import { Kafka, logLevel } from 'kafkajs';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { registerCodecs } from './codecs.ts';
import { kafkajsLogger } from './kafkajs-logger.ts';
import { kafkaSecurity } from './security.ts';

/** A kafkajs client for the configured cluster. Nothing connects yet. */
export function createKafka(config: Config['kafka'], log: Logger): Kafka {
  registerCodecs();
  return new Kafka({
    clientId: config.clientId,
    brokers: config.brokers,
    ...kafkaSecurity(config),
    connectionTimeout: 5_000,
    requestTimeout: 30_000,
    retry: { initialRetryTime: 200, maxRetryTime: 5_000, retries: 8 },
    logLevel: logLevel.INFO,
    logCreator: kafkajsLogger(log),
  });
}
