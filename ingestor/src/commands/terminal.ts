import { InvalidArgumentError } from 'commander';
import { pino, type Logger } from 'pino';
import type { Config } from '../config/config.ts';

/** The value of a text option. @throws InvalidArgumentError when it is empty */
export function text(value: string): string {
  if (value === '') throw new InvalidArgumentError('It is empty.');
  return value;
}

/** @throws InvalidArgumentError when the value is not a whole number from 0 to `max` */
export function wholeNumber(max: number): (value: string) => number {
  return (value) => {
    const number = /^\d+$/.test(value) ? Number(value) : NaN;
    if (!(number <= max)) throw new InvalidArgumentError(`It must be a whole number from 0 to ${max}.`);
    return number;
  };
}

/** The log of a command with a progress line: warnings and errors only. LOG_LEVEL=debug shows everything. */
export function commandLog({ logLevel }: Pick<Config, 'logLevel'>): Logger {
  return pino({ level: logLevel === 'info' ? 'warn' : logLevel, base: null }, pino.destination(2));
}

/** Writes to standard error, because standard output is for the report. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
