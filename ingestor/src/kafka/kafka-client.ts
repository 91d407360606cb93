import { Kafka, logLevel, type logCreator } from 'kafkajs';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { registerCodecs } from './codecs.ts';
import { useFetchDecoder } from './fetch-decoder.ts';
import { patchConnections } from './connection-patch.ts';
import { kafkaSecurity } from './security.ts';

/** After this time kafkajs cancels a request and retries it. */
export const REQUEST_TIMEOUT_MS = 30_000;

/**
 * A kafkajs client for the configured cluster. Nothing connects yet.
 * @param retries per failed request: many for a service, few for a command
 */
export function createKafka(config: Config['kafka'], log: Logger, retries = 8): Kafka {
  registerCodecs();
  useFetchDecoder();
  patchConnections();
  return new Kafka({
    clientId: config.clientId,
    brokers: config.brokers,
    ...kafkaSecurity(config),
    connectionTimeout: 5_000,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: { initialRetryTime: 200, maxRetryTime: 5_000, retries },
    logLevel: logLevel.INFO,
    logCreator: kafkajsLogger(log),
  });
}

/** kafkajs logs routine pauses and retries as info and error, so its lines are logged one level lower. */
function kafkajsLogger(log: Logger): logCreator {
  return () =>
    ({ level, namespace, log: { message, ...fields } }) => {
      const { timestamp: _timestamp, logger: _logger, stack: _stack, ...context } = fields;
      const line = { kafkajs: namespace, ...context };
      if (level === logLevel.ERROR) log.warn(line, message);
      else log.debug(line, message);
    };
}
