import { isExactInteger, isWrittenAsInteger, readNumber } from './exact-number.ts';

/**
 * JSON as both ingestion paths read it. ClickHouse's parser (simdjson) is stricter than `JSON.parse` and uses the first of two
 * equal keys. Both paths must accept the same messages and store the same rows.
 */

/** Maximum nesting depth of simdjson, ClickHouse's JSON parser. */
export const MAX_DEPTH = 1_024;
/** Texts that `JSON.parse` may read differently: lone surrogates, integers that it rounds. */
const SUSPECT = /\\u[dD]|(?<![.\d])\d{16}/;
/** Lone surrogates, and numbers that `JSON.parse` rounds, or reads as infinite. */
const SUSPECT_NESTED = /\\u[dD]|(?<![.\d])\d{16}|\d[eE]\+?\d{3}|\d{309}/;
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{}:,]|-?\d[^\s,\]}]*|true|false|null/g;
const LONE_SURROGATE = 'a lone surrogate';
const QUOTE = 0x22;
const SPACE = 0x20;
const BACKSLASH = 0x5c;

/** A JSON text with more nested levels than ClickHouse can read. */
export class NestedTooDeepError extends Error {
  override name = 'NestedTooDeepError';
}

/**
 * The value of a JSON text in which equal keys need no strict reading. Integers are as exact as in `readNumber`. Throws `SyntaxError` when it
 * is not JSON, and `NestedTooDeepError`: functions that walk the value, such as `JSON.stringify`, would overflow the stack.
 */
export function parseNestedJson(text: string, maxDepth = MAX_DEPTH): unknown {
  const json = JSON.parse(text) as unknown;
  // Each level has an opening and a closing bracket.
  if (text.length > 2 * maxDepth) checkDepth(text, maxDepth);
  return SUSPECT_NESTED.test(text) ? parseWithSource(text, strictly) : json;
}

/** TypeScript does not know the third argument yet. */
const parseWithSource = JSON.parse as (text: string, reviver: typeof strictly) => unknown;

function strictly(key: string, value: unknown, { source = '' }: { source?: string }): unknown {
  if (!key.isWellFormed() || (typeof value === 'string' && !value.isWellFormed()))
    throw new SyntaxError(LONE_SURROGATE);
  return typeof value === 'number' ? readNumber(source) : value;
}

/** @param text well-formed JSON */
function checkDepth(text: string, maxDepth: number): void {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === 0x5b || code === 0x7b) depth++;
    else if (code === 0x5d || code === 0x7d) depth--;
    if (depth > maxDepth) throw new NestedTooDeepError(`JSON is nested deeper than ${maxDepth} levels`);
  }
}

/** The position of the closing quote. */
function endOfString(text: string, openingQuote: number): number {
  let end = text.indexOf('"', openingQuote + 1);
  for (;;) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
}

/** The value of one JSON text. Throws `SyntaxError` when it is not JSON. */
export function parseStrictJson(text: string): unknown {
  const json = JSON.parse(text) as unknown;
  if (!SUSPECT.test(text) && text.length <= MAX_DEPTH && !needsTokens(text, json)) return json;
  return readTokens(text.match(TOKEN) ?? []);
}

/** False when every key of the text is a key of the value, and no number overflowed. A string with `":` only makes reading slower. */
function needsTokens(text: string, json: unknown): boolean {
  return countColons(text) > countKeys(json);
}

/** Colons behind a quote. The white space that JSON allows between them is skipped. */
function countColons(text: string): number {
  let count = 0;
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) {
    let before = at - 1;
    while (text.charCodeAt(before) <= SPACE) before--;
    if (text.charCodeAt(before) === QUOTE) count++;
  }
  return count;
}

/** -Infinity if a number overflowed, or would be written as another one. (A search of the text for large exponents finds them in every third UUID.) */
function countKeys(json: unknown): number {
  if (typeof json === 'number') return Number.isFinite(json) && !isWrittenAsInteger(json) ? 0 : -Infinity;
  if (typeof json !== 'object' || json === null) return 0;
  const values: unknown[] = Object.values(json);
  let count = Array.isArray(json) ? 0 : values.length;
  for (const inner of values) count += countKeys(inner);
  return count;
}

/** Builds the value of a text that is known to be well-formed, token by token. */
function readTokens(tokens: readonly string[]): unknown {
  let i = 0;
  // What is in `meta` is stored as it is, so its integers are exact. The other fields are numbers, whose limits an exact one exceeds. A `meta`
  // that is an integer itself is one of them: an exact one would look like an object.
  const read = (depth: number, isMeta: boolean, isInMeta = isMeta): unknown => {
    if (depth > MAX_DEPTH) throw new SyntaxError(`nested deeper than ${MAX_DEPTH} levels`);
    const token = tokens[i++] ?? '';
    if (token === '[') return readArray(depth, isMeta);
    if (token === '{') return readObject(depth, isMeta);
    const value = scalar(token);
    return isExactInteger(value) && !isInMeta ? Number(value.rawJSON) : value;
  };
  const readArray = (depth: number, isMeta: boolean): unknown[] => {
    const array: unknown[] = [];
    while (tokens[i] !== ']') {
      array.push(read(depth + 1, isMeta));
      if (tokens[i] === ',') i++;
    }
    i++;
    return array;
  };
  const readObject = (depth: number, isMeta: boolean): unknown => {
    const entries = new Map<string, unknown>();
    while (tokens[i] !== '}') {
      const key = scalar(tokens[i++] ?? '') as string;
      i++;
      const value = read(depth + 1, isMeta || key === 'meta', isMeta);
      if (!entries.has(key)) entries.set(key, value);
      if (tokens[i] === ',') i++;
    }
    i++;
    return Object.fromEntries(entries);
  };
  return read(1, false);
}

function scalar(token: string): unknown {
  const value = JSON.parse(token) as unknown;
  if (typeof value === 'string' && !value.isWellFormed()) throw new SyntaxError(LONE_SURROGATE);
  return typeof value === 'number' ? readNumber(token) : value;
}
