import { avroReader } from './avro-reader.ts';
import { protobufReader } from './protobuf-reader.ts';
import type { PayloadReader, RegisteredSchema } from './registry-client.ts';

export type SchemaFormat = 'avro' | 'protobuf' | 'json';

/** The reader of one registered schema. Throws when the schema itself cannot be used. */
export function payloadReader(schema: RegisteredSchema): { format: SchemaFormat; read: PayloadReader } {
  switch (schema.type) {
    case 'AVRO':
      return { format: 'avro', read: avroReader(schema) };
    case 'PROTOBUF':
      return { format: 'protobuf', read: protobufReader(schema) };
    case 'JSON':
      return { format: 'json', read: (payload) => JSON.parse(payload.toString('utf8')) as unknown };
    default:
      throw new Error(`schemas of type ${schema.type} are not supported`);
  }
}
