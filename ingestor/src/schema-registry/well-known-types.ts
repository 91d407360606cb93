import protobuf from 'protobufjs';

type Plain = (value: unknown) => unknown;
interface Seconds {
  seconds?: number | { toNumber(): number };
  nanos?: number;
}
interface StructValue {
  kind?: string;
  fields?: Record<string, StructValue>;
  values?: StructValue[];
  [kind: string]: unknown;
}

const numberOf = (long: NonNullable<Seconds['seconds']>): number => (typeof long === 'number' ? long : long.toNumber());
/** Nanoseconds are below the contract's milliseconds, so a time is rounded down, also before 1970. */
const timestampMs = ({ seconds = 0, nanos = 0 }: Seconds): number =>
  numberOf(seconds) * 1000 + Math.floor(nanos / 1_000_000);
const durationSeconds = ({ seconds = 0, nanos = 0 }: Seconds): number => numberOf(seconds) + nanos / 1e9;
const wrapped = (zero: unknown) => (value: { value?: unknown }) => value.value ?? zero;

/** How the types of google/protobuf/*.proto are read: as the JSON mapping of Protobuf, but times are numbers. */
const CONVERSIONS: Readonly<Record<string, (value: never) => unknown>> = {
  '.google.protobuf.Timestamp': timestampMs,
  '.google.protobuf.Duration': durationSeconds,
  '.google.protobuf.Struct': structOf,
  '.google.protobuf.Value': valueOf,
  '.google.protobuf.ListValue': ({ values = [] }: StructValue) => values.map(valueOf),
  ...Object.fromEntries(
    [
      ...['Double', 'Float', 'Int64', 'UInt64', 'Int32', 'UInt32'].map((name) => [name, 0] as const),
      ...([
        ['Bool', false],
        ['String', ''],
        ['Bytes', ''],
      ] as const),
    ].map(([name, zero]) => [`.google.protobuf.${name}Value`, wrapped(zero)])
  ),
};

/**
 * Adds the files of google/protobuf that a schema imports. A registry usually does not have them as references. Several files may import the
 * same one.
 */
export function addImports(root: protobuf.Root, imports: readonly string[] = []): void {
  for (const file of imports) {
    const nested = protobuf.common.get(file)?.nested;
    if (nested && !hasAny(root, nested)) root.addJSON(nested);
  }
}

/** Whether one of the types is already there. */
function hasAny(root: protobuf.NamespaceBase, nested: Readonly<Record<string, protobuf.AnyNestedObject>>): boolean {
  return Object.entries(nested).some(([name, each]) => {
    const known = root.get(name);
    return known instanceof protobuf.Namespace && !(known instanceof protobuf.Type)
      ? hasAny(known, (each as protobuf.INamespace).nested ?? {})
      : known !== null;
  });
}

/**
 * Converts decoded messages of a type to plain values. Null if the type contains no type of google/protobuf, so that nothing is to be
 * converted.
 */
export function plainOf(type: protobuf.Type, seen = new Map<protobuf.Type, { convert: Plain | null }>()): Plain | null {
  const own = CONVERSIONS[type.fullName];
  if (own) return own as Plain;
  const known = seen.get(type);
  // A recursive type: its converter is not known yet, so it is looked up when it is used.
  if (known) return (value) => known.convert?.(value) ?? value;
  const entry: { convert: Plain | null } = { convert: null };
  seen.set(type, entry);
  const fields = type.fieldsArray.flatMap((field) => {
    const convert = field.resolvedType instanceof protobuf.Type ? plainOf(field.resolvedType, seen) : null;
    return convert ? [{ name: field.name, convert: ofField(field, convert) }] : [];
  });
  if (fields.length === 0) return null;
  entry.convert = (value) => {
    const message = { ...(value as Record<string, unknown>) };
    for (const { name, convert } of fields) if (message[name] != null) message[name] = convert(message[name]);
    return message;
  };
  return entry.convert;
}

function ofField(field: protobuf.Field, convert: Plain): Plain {
  if (field.map) {
    return (entries) =>
      Object.fromEntries(Object.entries(entries as object).map(([key, value]) => [key, convert(value)]));
  }
  return field.repeated ? (values) => (values as unknown[]).map(convert) : convert;
}

function structOf({ fields = {} }: StructValue): unknown {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, valueOf(value)]));
}

function valueOf(value: StructValue): unknown {
  const { structValue, listValue } = value as Record<string, StructValue | undefined>;
  if (structValue) return structOf(structValue);
  if (listValue) return (listValue.values ?? []).map(valueOf);
  return value['numberValue'] ?? value['stringValue'] ?? value['boolValue'] ?? null;
}
