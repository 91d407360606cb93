import avro from 'avsc';
import { withItemLimit } from './avro-items.ts';
import { LOGICAL_TYPES } from './avro-logical-types.ts';
import type { PayloadReader, RegisteredSchema } from './registry-client.ts';

/**
 * Reads with the writer's schema, so additional or missing fields need no schema resolution: validation ignores fields that are
 * not in the contract, and a missing field is absent.
 */
export function avroReader({ schema, references }: RegisteredSchema): PayloadReader {
  const options = { registry: {}, logicalTypes: LOGICAL_TYPES };
  for (const { schema: referenced } of references) {
    avro.Type.forSchema(JSON.parse(referenced) as avro.Schema, options);
  }
  const type = avro.Type.forSchema(JSON.parse(schema) as avro.Schema, options);
  return (payload) => withItemLimit(payload.length, () => type.fromBuffer(payload) as unknown);
}
