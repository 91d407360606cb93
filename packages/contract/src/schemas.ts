import type { EventField } from './event-field.ts';
import { MESSAGE_FIELDS } from './event-fields.ts';
import { ROBOT_STATES } from './event.ts';

const TITLE = 'Telemetry';
const RULES = 'packages/contract/src/event-fields.ts lists the fields; `npm run schemas` writes this file from it.';

/** The wire type of each field type. Avro and Protobuf have no type for any object, so `meta` is JSON text there. */
const AVRO: Record<EventField['type'], unknown> = {
  uuid: 'string',
  text: 'string',
  time: { type: 'long', logicalType: 'timestamp-millis' },
  number: 'double',
  state: 'string',
  object: 'string',
};
const PROTOBUF: Record<EventField['type'], string> = {
  uuid: 'string',
  text: 'string',
  time: 'int64',
  number: 'double',
  state: 'string',
  object: 'string',
};

/** The schema files by name, generated from the list of fields. */
export const SCHEMA_FILES: Readonly<Record<string, () => string>> = {
  'telemetry.avsc': avroSchema,
  'telemetry.proto': protobufSchema,
  'telemetry.schema.json': jsonSchema,
};

function avroSchema(): string {
  const fields = MESSAGE_FIELDS.map((field) => {
    const type = AVRO[field.type];
    const doc = docOf(field, field.type === 'object' ? 'a JSON object as text' : '');
    return {
      name: field.name,
      ...(field.required ? { type } : { type: ['null', type], default: null }),
      ...(doc && { doc }),
    };
  });
  const doc = `One robot event. Every field but robot_id and ts may be null; null means absent. ${RULES}`;
  return `${spread({ type: 'record', name: TITLE, namespace: 'floorwatch', doc, fields })}\n`;
}

function protobufSchema(): string {
  const lines = MESSAGE_FIELDS.map((field) => {
    const doc = docOf(
      field,
      ...[field.type === 'time' ? 'epoch milliseconds' : '', field.type === 'object' ? 'a JSON object as text' : ''],
      field.required ? 'required' : ''
    );
    const comment = doc === '' ? '' : ` // ${doc}`;
    return `  optional ${PROTOBUF[field.type]} ${field.name} = ${field.protobufTag ?? 0};${comment}\n`;
  });
  return `syntax = "proto3";

package floorwatch;

// One robot event. \`optional\` keeps "absent" apart from 0 and "": a battery of 0 % is not an unknown battery.
// ${RULES}
message ${TITLE} {
${lines.join('')}}
`;
}

function jsonSchema(): string {
  const names = MESSAGE_FIELDS.filter(({ required }) => required).map(({ name }) => name);
  const [x, y] = MESSAGE_FIELDS.filter((field) => field.type === 'number' && field.pairedWith !== undefined);
  const both = (type: string): unknown => ({ properties: { [x?.name ?? '']: { type }, [y?.name ?? '']: { type } } });
  return `${spread({
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'floorwatch/telemetry',
    title: TITLE,
    description: `One robot event. The time window of ts depends on the clock and is checked by the ingestor alone. ${RULES}`,
    type: 'object',
    required: names,
    properties: Object.fromEntries(MESSAGE_FIELDS.map((field) => [field.name, jsonProperty(field)])),
    oneOf: [{ ...(both('number') as object), required: [x?.name, y?.name] }, both('null')],
  })}\n`;
}

function jsonProperty(field: EventField): unknown {
  const orNull = (...types: string[]): unknown =>
    field.required ? (types.length > 1 ? types : types[0]) : [...types, 'null'];
  switch (field.type) {
    case 'uuid':
      return {
        type: orNull('string'),
        pattern: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$',
      };
    case 'text':
      return { type: orNull('string'), minLength: 1, maxLength: field.maxChars };
    case 'time':
      return { type: orNull('string', 'number') };
    case 'number': {
      const description = docOf(field);
      return { type: orNull('number'), minimum: field.min, maximum: field.max, description };
    }
    case 'state':
      return { enum: [...ROBOT_STATES, null] };
    case 'object':
      return { type: orNull('object') };
  }
}

/** Unit, limit and meaning of a field in one line; '' if the name is enough. */
function docOf(field: EventField, ...more: string[]): string {
  const unit = field.type === 'number' ? field.unit : '';
  const own = field.type === 'text' && field.required ? `1 to ${field.maxChars} characters` : '';
  return [unit, own, field.description, ...more].filter(Boolean).join(', ');
}

/** JSON as Prettier formats it: a value is on one line if it fits in 120 columns. */
function spread(value: unknown, indent = '', before = 0): string {
  const flat = oneLine(value);
  if (indent !== '' && before + flat.length <= 119) return flat;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => `${inner}${spread(item, inner, inner.length)}`).join(',\n')}\n${indent}]`;
  }
  if (typeof value !== 'object' || value === null) return flat;
  const lines = Object.entries(value).map(([key, item]) => {
    const start = `${inner}${JSON.stringify(key)}: `;
    return start + (isLarge(item) ? spread(item, inner, 200) : spread(item, inner, start.length));
  });
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

/** An object of objects is on several lines, which is easier to read. */
function isLarge(value: unknown): boolean {
  return typeof value === 'object' && value !== null && JSON.stringify(value).length > 200;
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${oneLine(item)}`);
  return `{ ${pairs.join(', ')} }`;
}
