import { exactInteger, isExactInteger, readableDouble } from '../decode/exact-number.ts';
import { MAX_DEPTH, NestedTooDeepError, parseNestedJson } from '../decode/strict-json.ts';

/** avsc wraps the value of a union whose branches are ambiguous in JSON, such as int and double, or two records. */
interface WrappedBranch {
  unwrap(): unknown;
}
/** An integer of 64 bits of protobufjs. */
interface LongInteger {
  toNumber(): number;
  toString(): string;
  readonly low: number;
  readonly high: number;
}

/**
 * A decoded record with plain values, as the contract validates them. `meta` is stored as it is, so everything in it becomes JSON: bytes
 * are base64, large integers keep their digits, and numbers that JSON does not have are text, all as in Protobuf's JSON mapping. In the other
 * fields, bytes stay bytes, which the contract rejects.
 */
export function plainRecord(decoded: unknown): unknown {
  // A topic with several types of records has a union of them.
  const record = unwrapped(decoded);
  // No record, so the contract rejects it, and masking withholds its bytes.
  if (record instanceof Uint8Array) return Buffer.from(record).toString('base64');
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return record;
  if (isExactInteger(record)) return Number(record.rawJSON);
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, name === 'meta' ? plainMeta(value) : plainField(value)])
  );
}

/** No limit of the contract is near the integers that a number rounds. */
function plainField(value: unknown): unknown {
  const field = unwrapped(value);
  if (typeof field === 'bigint') return Number(field);
  if (isLong(field)) return field.toNumber();
  return isExactInteger(field) ? Number(field.rawJSON) : field;
}

/** A `meta` that is an integer is invalid. An exact one would look like an object. */
function plainMeta(value: unknown): unknown {
  const meta = parsedMeta(plain(value));
  return isExactInteger(meta) ? Number(meta.rawJSON) : meta;
}

/** Avro and Protobuf have no type for any object, so `meta` may be JSON text. Text that is not JSON stays text, which is invalid. */
function parsedMeta(meta: unknown): unknown {
  if (typeof meta !== 'string') return meta;
  try {
    return parseNestedJson(meta, MAX_DEPTH - 1);
  } catch (error) {
    if (error instanceof NestedTooDeepError) throw error;
    return meta;
  }
}

/**
 * @param levels that the value may have
 * @throws NestedTooDeepError
 */
function plain(decoded: unknown, levels = MAX_DEPTH - 1): unknown {
  const value = unwrapped(decoded);
  if (typeof value === 'bigint') return exactInteger(value);
  if (typeof value === 'number') return Number.isFinite(value) ? readableDouble(value) : String(value);
  if (typeof value !== 'object' || value === null || isExactInteger(value)) return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (isLong(value)) return exactInteger(BigInt(value.toString()));
  if (levels === 0) throw new NestedTooDeepError(`meta is nested deeper than ${MAX_DEPTH - 1} levels`);
  if (Array.isArray(value)) return value.map((inner) => plain(inner, levels - 1));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner, levels - 1)]));
}

function unwrapped(value: unknown): unknown {
  return isWrapped(value) ? value.unwrap() : value;
}

function isWrapped(value: unknown): value is WrappedBranch {
  return typeof value === 'object' && value !== null && typeof (value as WrappedBranch).unwrap === 'function';
}

function isLong(value: unknown): value is LongInteger {
  return typeof value === 'object' && value !== null && typeof (value as LongInteger).toNumber === 'function';
}
