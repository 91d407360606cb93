import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { LOOPBACK } from '@floorwatch/servers/ports';

const contractSchema = (ending: string): string =>
  readFileSync(join(REPOSITORY_DIR, `packages/contract/schemas/telemetry.${ending}`), 'utf8');

export const AVSC = contractSchema('avsc');
export const PROTO = contractSchema('proto');

export const SCHEMA_ID = {
  avro: 1,
  protobuf: 2,
  json: 3,
  recursive: 10,
  lists: 11,
  infinite: 12,
  protobufChain: 13,
  cyclicReferences: 14,
  missingReference: 15,
  notJson: 16,
  wrongAvro: 17,
  wrongProtobuf: 18,
  unknownType: 19,
  nestedSchema: 20,
  protobufCycle: 21,
} as const;

const NODE = '{"type":"record","name":"Node","fields":[{"name":"next","type":["null","Node"]}]}';
const LISTS =
  '{"type":"record","name":"T","fields":[{"name":"nulls","type":{"type":"array","items":"null"}},{"name":"texts","type":{"type":"map","values":"string"}}]}';
const SELF = '{"type":"record","name":"Self","fields":[{"name":"self","type":"Self"}]}';
const NESTED = `${'{"type":"array","items":'.repeat(5_000)}"int"${'}'.repeat(5_000)}`;
const to = (subject: string) => [{ name: subject, subject, version: 1 }];

const SCHEMAS: Record<number, object> = {
  [SCHEMA_ID.avro]: { schema: AVSC },
  [SCHEMA_ID.protobuf]: { schemaType: 'PROTOBUF', schema: PROTO },
  [SCHEMA_ID.json]: { schemaType: 'JSON', schema: '{}' },
  [SCHEMA_ID.recursive]: { schema: NODE },
  [SCHEMA_ID.lists]: { schema: LISTS },
  [SCHEMA_ID.infinite]: { schema: SELF },
  [SCHEMA_ID.protobufChain]: { schemaType: 'PROTOBUF', schema: 'syntax = "proto3"; message Node { Node next = 1; }' },
  [SCHEMA_ID.cyclicReferences]: { schema: '"a"', references: to('a') },
  [SCHEMA_ID.missingReference]: { schema: '"gone"', references: to('gone') },
  [SCHEMA_ID.notJson]: { schema: 'not json' },
  [SCHEMA_ID.wrongAvro]: { schema: '{"type":"record","name":"T","fields":[{"name":"a","type":"no such type"}]}' },
  [SCHEMA_ID.wrongProtobuf]: { schemaType: 'PROTOBUF', schema: 'syntax = "proto3"; message T { NoSuch a = 1; ' },
  [SCHEMA_ID.unknownType]: { schemaType: 'THRIFT', schema: 'struct T {}' },
  [SCHEMA_ID.nestedSchema]: { schema: NESTED },
  [SCHEMA_ID.protobufCycle]: {
    schemaType: 'PROTOBUF',
    schema: 'syntax = "proto3"; import "a"; message T { A a = 1; }',
    references: to('a'),
  },
};
/** Two schemas that refer to each other. No registry lets anyone register them. */
const SUBJECTS: Record<string, object> = {
  a: { schema: '"b"', references: to('b') },
  b: { schema: '"a"', references: to('a') },
};

export interface HostileRegistry {
  readonly url: string;
  close(): void;
}

/** A schema registry with schemas that a real one would not accept, beside those of the contract. */
export async function startHostileRegistry(): Promise<HostileRegistry> {
  const server = createServer((request, response) => {
    const [, kind, name = ''] = /^\/(schemas\/ids|subjects)\/([^/]+)/.exec(request.url ?? '') ?? [];
    const found = kind === 'subjects' ? SUBJECTS[name] : SCHEMAS[Number(name)];
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ?? { error_code: 40403, message: 'Schema not found' }));
  });
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  return {
    url: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
