import { Command } from 'commander';
import { pino } from 'pino';
import { clearTextLogins } from '../config/clear-text-logins.ts';
import { parseConfig } from '../config/config.ts';
import { startService } from '../service/service.ts';
import { warnOfUnmaskedPath } from '../service/unmasked-path.ts';

/** The process must exit within 5 s of SIGTERM. Leaving the group and closing connections takes the rest of it. */
const DRAIN_MS = 3_500;

export function runCommand(): Command {
  return new Command('run')
    .description('read robot events from Kafka into ClickHouse until SIGTERM or SIGINT')
    .action(async () => {
      const config = parseConfig();
      const log = pino({ level: config.logLevel, base: null });
      for (const { name, meant } of config.unknownVariables)
        log.warn({ variable: name, meant }, 'unknown variable ignored');
      for (const { problem, remedy } of clearTextLogins(config)) log.warn(`${problem}. ${remedy}`);
      const service = await startService(config, log);
      if (config.formats.masking) void warnOfUnmaskedPath(config.clickhouse, log);
      const signal = await new Promise<string>((resolve) => {
        process.once('SIGTERM', resolve).once('SIGINT', resolve);
      });
      log.info({ signal }, 'stopping');
      await service.stop(DRAIN_MS);
      log.info('stopped');
      process.exit(0);
    });
}
