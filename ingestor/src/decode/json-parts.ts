import { isUtf8 } from 'node:buffer';
import { arrayElements, trimSpace } from './array-elements.ts';
import type { Outcome } from './outcome.ts';
import { parseStrictJson } from './strict-json.ts';

/**
 * The events of a message: one JSON object, an array of them, or several on separate lines.
 * If neither the whole message nor any line is JSON, the message is one broken part. So a broken pretty-printed object is one
 * dead letter, not one per line.
 */
export function jsonParts(value: Buffer): Outcome<unknown>[] {
  const whole = parse(value);
  if (whole.ok) return flatten(whole);
  if (!value.includes(0x0a)) return [whole];
  const lines = splitLines(value).map(parse);
  return lines.some((line) => line.ok) ? lines.flatMap(flatten) : [whole];
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

function flatten(part: Outcome<unknown>): Outcome<unknown>[] {
  if (!part.ok || !Array.isArray(part.value)) return [part];
  if (part.value.length === 0) {
    return [{ ok: false, reason: 'not_an_object', detail: 'got an empty array', raw: part.raw }];
  }
  const elements = arrayElements(part.raw);
  return part.value.map((value: unknown, i) => ({ ok: true, value, raw: elements[i] ?? part.raw }));
}

/** The lines that are not blank, trimmed. */
export function splitLines(value: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start <= value.length;) {
    const newline = value.indexOf(0x0a, start);
    const end = newline === -1 ? value.length : newline;
    const line = trimSpace(value.subarray(start, end));
    if (line.length > 0) lines.push(line);
    start = end + 1;
  }
  return lines;
}
