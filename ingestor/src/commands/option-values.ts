import { InvalidArgumentError } from 'commander';

/** The value of an option that names something. @throws InvalidArgumentError when it is empty */
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
