import { isUtf8 } from 'node:buffer';
import { arrayElements, trimSpace } from './array-elements.ts';
import type { Outcome } from './outcome.ts';
import { parseStrictJson } from './strict-json.ts';

/**
 * The events of a message: one JSON object, an array of them, or several on separate lines.
 * If neither the whole message nor any line is JSON, the message is one broken part. So a broken pretty-printed object is one
 * dead letter, not one per line.
 *
 * The parts are created one by one: a message of 1 MB can have 500,000.
 */
export function jsonParts(value: Buffer): Iterable<Outcome<unknown>> {
  const whole = parse(value);
  // Without a generator, whose objects cost as much as the parser.
  if (whole.ok) return Array.isArray(whole.value) ? flatten(whole) : [whole];
  return hasJsonLine(value) ? linesOf(value) : [whole];
}

function* linesOf(value: Buffer): Generator<Outcome<unknown>> {
  for (const line of splitLines(value)) yield* flatten(parse(line));
}

function hasJsonLine(value: Buffer): boolean {
  if (!value.includes(0x0a)) return false;
  for (const line of splitLines(value)) if (parse(line).ok) return true;
  return false;
}

function parse(raw: Buffer): Outcome<unknown> {
  if (!isUtf8(raw)) return { ok: false, reason: 'invalid_utf8', detail: 'the bytes are not UTF-8', raw };
  try {
    return { ok: true, value: parseStrictJson(withoutByteOrderMark(raw).toString('utf8')), raw };
  } catch {
    return { ok: false, reason: 'invalid_json', detail: 'the bytes are not one JSON text', raw };
  }
}

function withoutByteOrderMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

function* flatten(part: Outcome<unknown>): Generator<Outcome<unknown>> {
  if (!part.ok || !Array.isArray(part.value)) {
    yield part;
  } else if (part.value.length === 0) {
    yield { ok: false, reason: 'not_an_object', detail: 'got an empty array', raw: part.raw };
  } else {
    const values: IterableIterator<unknown> = part.value.values();
    for (const raw of arrayElements(part.raw)) yield { ok: true, value: values.next().value, raw };
  }
}

/** The lines that are not blank, trimmed. */
export function* splitLines(value: Buffer): Generator<Buffer> {
  for (let start = 0; start <= value.length;) {
    const newline = value.indexOf(0x0a, start);
    const end = newline === -1 ? value.length : newline;
    const line = trimSpace(value.subarray(start, end));
    if (line.length > 0) yield line;
    start = end + 1;
  }
}
