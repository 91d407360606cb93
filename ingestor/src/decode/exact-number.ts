/**
 * A number with the text that `JSON.stringify` writes: an integer of up to 64 bits with the digits that a number of JavaScript would round, or
 * a large double with an exponent. A function of ECMAScript 2026 that TypeScript does not know yet.
 * @see https://github.com/tc39/proposal-json-parse-with-source
 */
export interface ExactInteger {
  readonly rawJSON: string;
}

const json = JSON as unknown as {
  rawJSON(text: string): ExactInteger;
  isRawJSON(value: unknown): value is ExactInteger;
};

export const isExactInteger = (value: unknown): value is ExactInteger => json.isRawJSON(value);

const INT64_MIN = -(2n ** 63n);
const UINT64_MAX = 2n ** 64n - 1n;

/** The number itself if it is exact. */
export function exactInteger(integer: bigint): number | ExactInteger {
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : json.rawJSON(String(integer));
}

/** JavaScript writes doubles of 2^63 to 1e21 as integers, which ClickHouse cannot read beyond 64 bits. */
export function isWrittenAsInteger(double: number): boolean {
  const size = Math.abs(double);
  return size >= 2 ** 63 && size < 1e21;
}

/** The number itself, or with an exponent. */
export function readableDouble(double: number): number | ExactInteger {
  return isWrittenAsInteger(double) ? json.rawJSON(double.toExponential()) : double;
}

/**
 * The value of a JSON number.
 * @throws SyntaxError if ClickHouse could not read it: it is infinite, or an integer beyond 64 bits
 */
export function readNumber(token: string): number | ExactInteger {
  const value = Number(token);
  if (Number.isFinite(value) && (/[.eE]/.test(token) || Number.isSafeInteger(value))) return readableDouble(value);
  const integer = Number.isFinite(value) ? BigInt(token) : UINT64_MAX + 1n;
  if (integer < INT64_MIN || integer > UINT64_MAX) throw new SyntaxError(`${token} does not fit a number`);
  return json.rawJSON(token);
}
