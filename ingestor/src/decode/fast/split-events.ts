import { isUtf8 } from 'node:buffer';
import { splitLines } from '../json-parts.ts';
import type { ByteScanner } from './byte-scanner.ts';

const NEWLINE = 0x0a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;

/**
 * The bytes of each event of a message that is an array of objects, or several texts on separate lines.
 *
 * Invariant: the general path (`jsonParts`) finds these events in the message, or in these bytes when each is given to
 * it alone; null only means "ask the general path". A property test checks that both paths agree.
 */
export function splitEvents(scanner: ByteScanner, message: Buffer): Buffer[] | null {
  scanner.load(message);
  const first = scanner.peek();
  if (first === OPEN_BRACKET) return elements(scanner, message);
  return first === OPEN_BRACE && message.includes(NEWLINE) ? lines(scanner, message) : null;
}

/** The array must be well-formed; otherwise the message has no event. */
function elements(scanner: ByteScanner, message: Buffer): Buffer[] | null {
  const parts: Buffer[] = [];
  scanner.take(OPEN_BRACKET);
  do {
    if (scanner.peek() !== OPEN_BRACE) return null;
    const start = scanner.at;
    if (!scanner.skipValue(1)) return null;
    parts.push(message.subarray(start, scanner.at));
  } while (scanner.take(COMMA));
  if (!scanner.take(CLOSE_BRACKET) || !scanner.isAtEnd()) return null;
  return scanner.sawNonAscii && !isUtf8(message) ? null : parts;
}

/** Another text follows the first object, so the whole is not JSON, and each line is validated alone. */
function lines(scanner: ByteScanner, message: Buffer): Buffer[] | null {
  const parts = [...splitLines(message)];
  const [first] = parts;
  if (!first || parts.length === 1 || first.at(-1) !== CLOSE_BRACE) return null;
  scanner.load(first);
  if (!scanner.skipValue() || !scanner.isAtEnd()) return null;
  return scanner.sawNonAscii && !isUtf8(first) ? null : parts;
}
