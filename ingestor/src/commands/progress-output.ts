import { pino, type Logger } from 'pino';
import type { Config } from '../config/config.ts';

/** The log of a command that shows its progress: problems only, beside it; LOG_LEVEL=debug shows all. */
export function commandLog({ logLevel }: Pick<Config, 'logLevel'>): Logger {
  return pino({ level: logLevel === 'info' ? 'warn' : logLevel, base: null }, pino.destination(2));
}

/** On standard error: standard output is for the report. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
