import { randomUUID } from 'node:crypto';
import avro from 'avsc';
import protobuf from 'protobufjs';
import { z } from 'zod';

export type SchemaType = 'AVRO' | 'PROTOBUF' | 'JSON';

const registered = z.object({ id: z.number().int() });

/**
 * Registers a schema under a new subject.
 * @param registryUrl base address of the Confluent-compatible API
 * @returns its id
 */
export async function registerSchema(registryUrl: string, schemaType: SchemaType, schema: string): Promise<number> {
  const response = await fetch(`${registryUrl}/subjects/${randomUUID()}/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schemaType, schema }),
  });
  if (!response.ok) throw new Error(`the schema registry rejected the schema: ${await response.text()}`);
  return registered.parse(await response.json()).id;
}

/** Confluent's wire format: a zero byte, the schema id, then the payload. */
export function framed(schemaId: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(schemaId, 1);
  return Buffer.concat([header, payload]);
}

type Encoder = (record: Readonly<Record<string, unknown>>) => Buffer;

/** Fields that the record leaves out are null. */
export function avroEncoder(schema: string): Encoder {
  const parsed = JSON.parse(schema) as avro.schema.RecordType;
  const absent = Object.fromEntries(parsed.fields.map(({ name }) => [name, null]));
  const type = avro.Type.forSchema(parsed);
  return (record) => type.toBuffer({ ...absent, ...record });
}

export function avroPayload(schema: string, record: Readonly<Record<string, unknown>>): Buffer {
  return avroEncoder(schema)(record);
}

/** @param typeName full name of the first message of the schema */
export function protobufEncoder(schema: string, typeName: string): Encoder {
  const type = protobuf.parse(schema, { keepCase: true }).root.lookupType(typeName);
  const pathToFirstMessage = Uint8Array.of(0);
  return (record) => Buffer.concat([pathToFirstMessage, type.encode(type.fromObject(record)).finish()]);
}

export function protobufPayload(schema: string, typeName: string, record: Readonly<Record<string, unknown>>): Buffer {
  return protobufEncoder(schema, typeName)(record);
}
