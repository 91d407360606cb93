import { MESSAGE_FIELDS } from '@floorwatch/contract';
import protobuf from 'protobufjs';
import type { PayloadReader, RegisteredSchema } from './registry-client.ts';
import { addImports, plainOf } from './well-known-types.ts';

/**
 * Reads with the writer's schema. After the schema id comes the path to the message type in the file: zigzag varints with their
 * count first, or a single 0 for the first message.
 * @see https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format
 */
export function protobufReader({ schema, references }: RegisteredSchema): PayloadReader {
  const root = new protobuf.Root();
  for (const { schema: referenced } of references) {
    addImports(root, protobuf.parse(referenced, root, { keepCase: true }).imports);
  }
  // A separate namespace distinguishes the file's messages from those of its references.
  const before = new Set(allTypes(root));
  const { imports } = protobuf.parse(schema, root, { keepCase: true });
  const topLevel = allTypes(root).filter((type) => !before.has(type) && !(type.parent instanceof protobuf.Type));
  addImports(root, imports);
  root.resolveAll();
  const converters = new Map(
    topLevel.flatMap((type) => [type, ...allTypes(type)]).map((type) => [type, plainOf(type)])
  );
  return (payload) => {
    const reader = protobuf.Reader.create(payload);
    const type = typeAt(topLevel, readIndexes(reader));
    const message = type.decode(reader, payload.length - reader.pos);
    const object = withWholePairs(type, type.toObject(message, { enums: String }));
    return converters.get(type)?.(object) ?? object;
  };
}

const PAIRS = MESSAGE_FIELDS.flatMap((field) =>
  field.type === 'number' && field.pairedWith !== undefined ? [[field.name, field.pairedWith] as const] : []
);

/**
 * A field without presence (proto3 without `optional`) is not sent if it is 0, so 0 and absent look the same, and are read as absent. But a
 * position is either whole or absent: where `x` was sent, such a `y` is 0.
 */
function withWholePairs(type: protobuf.Type, record: Record<string, unknown>): Record<string, unknown> {
  for (const [name, other] of PAIRS) {
    const isWithoutPresence = type.fields[other]?.hasPresence === false;
    if (isWithoutPresence && Object.hasOwn(record, name) && !Object.hasOwn(record, other)) record[other] = 0;
  }
  return record;
}

/** Every message type, in the order of the file. */
function allTypes(namespace: protobuf.NamespaceBase): protobuf.Type[] {
  return namespace.nestedArray.flatMap((nested) => {
    if (nested instanceof protobuf.Type) return [nested, ...allTypes(nested)];
    return nested instanceof protobuf.Namespace ? allTypes(nested) : [];
  });
}

function readIndexes(reader: protobuf.Reader): number[] {
  const count = reader.sint32();
  if (count < 0 || count > 32) throw new RangeError(`a message path of ${count} steps`);
  return count === 0 ? [0] : Array.from({ length: count }, () => reader.sint32());
}

function typeAt(topLevel: readonly protobuf.Type[], indexes: readonly number[]): protobuf.Type {
  let level = topLevel;
  let found: protobuf.Type | undefined;
  for (const index of indexes) {
    found = level[index];
    if (found === undefined) throw new RangeError(`the schema has no message at ${indexes.join('/')}`);
    level = found.nestedArray.filter((nested) => nested instanceof protobuf.Type);
  }
  if (found === undefined) throw new RangeError('an empty message path');
  return found;
}
