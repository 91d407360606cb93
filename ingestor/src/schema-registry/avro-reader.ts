import avro from 'avsc';
import { withItemLimit } from './avro-items.ts';
import type { PayloadReader, RegisteredSchema } from './registry-client.ts';

/** Microseconds on the wire, milliseconds (the contract's unit) in the record. */
class TimestampMicros extends avro.types.LogicalType {
  protected override _fromValue(micros: number): number {
    return micros / 1000;
  }
  protected override _toValue(millis: unknown): number | undefined {
    return typeof millis === 'number' ? millis * 1000 : undefined;
  }
}

/** The library wraps the value of a union whose branches are ambiguous in JSON, such as int and double. */
interface WrappedBranch {
  unwrap(): unknown;
}

/**
 * Reads with the writer's schema, so additional or missing fields need no schema resolution: validation ignores fields that are
 * not in the contract, and a missing field is absent.
 */
export function avroReader({ schema, references }: RegisteredSchema): PayloadReader {
  const options = { registry: {}, logicalTypes: { 'timestamp-micros': TimestampMicros } };
  for (const { schema: referenced } of references) {
    avro.Type.forSchema(JSON.parse(referenced) as avro.Schema, options);
  }
  const type = avro.Type.forSchema(JSON.parse(schema) as avro.Schema, options);
  return (payload) => unwrapFields(withItemLimit(payload.length, () => type.fromBuffer(payload) as unknown));
}

function unwrapFields(record: unknown): unknown {
  if (typeof record !== 'object' || record === null) return record;
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, isWrapped(value) ? value.unwrap() : (value as unknown)])
  );
}

function isWrapped(value: unknown): value is WrappedBranch {
  return typeof value === 'object' && value !== null && typeof (value as WrappedBranch).unwrap === 'function';
}
