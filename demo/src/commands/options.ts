import { InvalidArgumentError } from 'commander';

/** Parsers of option values, each of which returns a number or throws what it expects; and the signal to stop. */

export function positive(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !(number > 0)) throw new InvalidArgumentError('Expected a number above 0.');
  return number;
}

export function wholePositive(text: string): number {
  const number = positive(text);
  if (!Number.isInteger(number)) throw new InvalidArgumentError('Expected a whole number above 0.');
  return number;
}

/** 0, 1, 2 and so on. */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isInteger(number) || number < 0) {
    throw new InvalidArgumentError('Expected 0 or a whole number above it.');
  }
  return number;
}

/** 0 to 1. */
export function share(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !(number >= 0 && number <= 1)) throw new InvalidArgumentError('Expected a share, 0 to 1.');
  return number;
}

const SECONDS_PER: Record<string, number> = { s: 1, m: 60, h: 3600 };

/** "90", "90s", "15m" or "2h" in seconds. */
export function duration(text: string): number {
  const [, digits, unit = 's'] = /^(\d+(?:\.\d+)?)([smh])?$/.exec(text) ?? [];
  const seconds = Number(digits) * (SECONDS_PER[unit] ?? NaN);
  if (!(seconds > 0)) throw new InvalidArgumentError('Expected a duration such as 90s, 15m or 2h.');
  return seconds;
}

/** A 32-bit seed. */
export function seed(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isInteger(number)) throw new InvalidArgumentError('Expected a whole number.');
  return number;
}

/** Aborts at the first Ctrl-C or SIGTERM. A second one ends the process at once, as usual. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      controller.abort();
    });
  }
  return controller.signal;
}
