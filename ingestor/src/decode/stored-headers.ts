import type { ConsumedMessage } from '../kafka/group-consumer.ts';

type Headers = ConsumedMessage['headers'];
/** Text; null for a header without a value; an object that says why it is not text; a list if the header is repeated. */
type HeaderValue =
  string | null | { base64: string } | { omitted_bytes: number; omitted_values?: number } | HeaderValue[];

/** The key of `meta` that contains the headers. */
const META_KEY = 'kafka_headers';
/** Of one header, repeated or not. Longer ones are not stored: each event of their message would have them. */
const MAX_VALUE_BYTES = 1_024;
const MAX_VALUES = 32;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The headers of a message that are stored with its events; null if it has none of these names. */
export function storedHeaders(headers: Headers, names: readonly string[]): Record<string, HeaderValue> | null {
  const found = names.filter((name) => headers !== undefined && Object.hasOwn(headers, name));
  return found.length === 0 ? null : Object.fromEntries(found.map((name) => [name, valueOf(headers?.[name])]));
}

/** A copy of the event with the headers in `meta`. Other entries that its `meta` has under the same key stay. */
export function withHeaders(record: object, headers: object): object {
  const { meta } = record as { meta?: Record<string, unknown> | null };
  const own = meta?.[META_KEY];
  const kept = typeof own === 'object' && own !== null && !Array.isArray(own) ? own : {};
  return { ...record, meta: { ...meta, [META_KEY]: { ...kept, ...headers } } };
}

function valueOf(value: NonNullable<Headers>[string]): HeaderValue {
  if (Array.isArray(value)) {
    const bytes = value.reduce((sum, each) => sum + Buffer.byteLength(each), 0);
    const isStored = value.length <= MAX_VALUES && bytes <= MAX_VALUE_BYTES;
    return isStored ? value.map(valueOf) : { omitted_values: value.length, omitted_bytes: bytes };
  }
  if (value === undefined) return null;
  const length = Buffer.byteLength(value);
  if (length > MAX_VALUE_BYTES) return { omitted_bytes: length };
  const bytes = Buffer.from(value);
  try {
    return utf8.decode(bytes);
  } catch {
    return { base64: bytes.toString('base64') };
  }
}
