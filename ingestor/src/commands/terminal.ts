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

/**
 * The text with control characters as `\u009b`, except line ends and tabs. Robots and files choose names and contents, and a
 * terminal obeys control characters: they can clear the screen or write into the next command. JSON stays valid.
 */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** Writes to standard error, because standard output is for the report. */
export function say(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}
