import { logLevel, type logCreator } from 'kafkajs';
import type { Logger } from 'pino';

/** kafkajs reports routine pauses and retries as info and error: one level down keeps our log about our own doing. */
export function kafkajsLogger(log: Logger): logCreator {
  return () =>
    ({ level, namespace, log: { message, ...fields } }) => {
      const { timestamp: _timestamp, logger: _logger, stack: _stack, ...context } = fields;
      const line = { kafkajs: namespace, ...context };
      if (level === logLevel.ERROR) log.warn(line, message);
      else log.debug(line, message);
    };
}
