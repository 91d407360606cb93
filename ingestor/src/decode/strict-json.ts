/**
 * JSON as both ingestion paths read it. ClickHouse's parser (simdjson) is stricter than `JSON.parse` and uses the first of two
 * equal keys. Both paths must accept the same messages and store the same rows.
 */

/** Maximum nesting depth of simdjson, ClickHouse's JSON parser. */
export const MAX_DEPTH = 1_024;
/** Texts that `JSON.parse` may read differently: lone surrogates, integers beyond 64 bits. */
const SUSPECT = /\\u[dD]|\d{19}/;
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{}:,]|-?\d[^\s,\]}]*|true|false|null/g;
const QUOTE = 0x22;
const SPACE = 0x20;
const BACKSLASH = 0x5c;
const INT64_MIN = -(2n ** 63n);
const UINT64_MAX = 2n ** 64n - 1n;

/** A JSON text with more nested levels than ClickHouse can read. */
export class NestedTooDeepError extends Error {
  override name = 'NestedTooDeepError';
}

/**
 * The value of a JSON text whose keys and numbers need no strict reading. Throws `SyntaxError` when it is not JSON, and
 * `NestedTooDeepError`: functions that walk the value, such as `JSON.stringify`, would overflow the stack.
 */
export function parseNestedJson(text: string, maxDepth = MAX_DEPTH): unknown {
  const json = JSON.parse(text) as unknown;
  // Each level has an opening and a closing bracket.
  if (text.length > 2 * maxDepth) checkDepth(text, maxDepth);
  return json;
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

/** -Infinity if a number overflowed. (A search of the text for large exponents finds them in every third UUID.) */
function countKeys(json: unknown): number {
  if (typeof json === 'number') return Number.isFinite(json) ? 0 : -Infinity;
  if (typeof json !== 'object' || json === null) return 0;
  const values: unknown[] = Object.values(json);
  let count = Array.isArray(json) ? 0 : values.length;
  for (const inner of values) count += countKeys(inner);
  return count;
}

/** Builds the value of a text that is known to be well-formed, token by token. */
function readTokens(tokens: readonly string[]): unknown {
  let i = 0;
  const read = (depth: number): unknown => {
    if (depth > MAX_DEPTH) throw new SyntaxError(`nested deeper than ${MAX_DEPTH} levels`);
    const token = tokens[i++] ?? '';
    if (token === '[') return readArray(depth);
    if (token === '{') return readObject(depth);
    return scalar(token);
  };
  const readArray = (depth: number): unknown[] => {
    const array: unknown[] = [];
    while (tokens[i] !== ']') {
      array.push(read(depth + 1));
      if (tokens[i] === ',') i++;
    }
    i++;
    return array;
  };
  const readObject = (depth: number): unknown => {
    const entries = new Map<string, unknown>();
    while (tokens[i] !== '}') {
      const key = scalar(tokens[i++] ?? '') as string;
      i++;
      const value = read(depth + 1);
      if (!entries.has(key)) entries.set(key, value);
      if (tokens[i] === ',') i++;
    }
    i++;
    return Object.fromEntries(entries);
  };
  return read(1);
}

function scalar(token: string): unknown {
  const value = JSON.parse(token) as unknown;
  if (typeof value === 'string' && !value.isWellFormed()) throw new SyntaxError('a lone surrogate');
  if (typeof value === 'number' && !fitsNumber(token, value)) throw new SyntaxError(`${token} does not fit a number`);
  return value;
}

function fitsNumber(token: string, value: number): boolean {
  if (!Number.isFinite(value)) return false;
  if (/[.eE]/.test(token) || Number.isSafeInteger(value)) return true;
  const integer = BigInt(token);
  return integer >= INT64_MIN && integer <= UINT64_MAX;
}
