import { EVENT_FIELDS, MESSAGE_FIELDS, ROBOT_STATES, type EventField } from '@floorwatch/contract';

/** Types with which path A parses a field. It reads a time as text, because it may also be a number. */
const PARSED_TYPE: Record<EventField['type'], string> = {
  uuid: 'Nullable(String)',
  text: 'Nullable(String)',
  time: 'Nullable(String)',
  number: 'Nullable(Float64)',
  state: 'Nullable(String)',
  object: 'Nullable(String)',
};

/** Fields of a plain event that path A converts like all others of their type. */
const PLAIN_VALUES = MESSAGE_FIELDS.filter(
  (field) =>
    ['number', 'text', 'state'].includes(field.type) &&
    !field.required &&
    field.absent === undefined &&
    !('isAngle' in field)
);

/** Lists of fields for placeholders in views, so that they include a new field of the contract. */
const LISTS: Readonly<Record<string, string>> = {
  '{event_columns}': names(EVENT_FIELDS.filter(({ type }) => type !== 'object')).join(', '),
  '{parsed_fields}': MESSAGE_FIELDS.map(({ name, type }) => `${name} ${PARSED_TYPE[type]}`).join(', '),
  '{plain_fields}': MESSAGE_FIELDS.filter(({ type }) => type !== 'object')
    .map((field) => `${field.name} ${plainType(field)}`)
    .join(', '),
  '{plain_values}': PLAIN_VALUES.map(({ name, type }) =>
    type === 'number' ? `toFloat32(e.${name}) AS ${name}` : `e.${name} AS ${name}`
  ).join(', '),
  '{plain_limits}': MESSAGE_FIELDS.flatMap(plainLimit).join(' OR '),
  '{number_fields}': quoted(names(ofType('number'))),
  '{number_names}': names(ofType('number')).join('|'),
  '{text_names}': names(MESSAGE_FIELDS.filter(({ type }) => ['uuid', 'text', 'state'].includes(type))).join('|'),
  '{typed_fields}': quoted([
    ...MESSAGE_FIELDS.flatMap(({ name, metaKey }) => (metaKey === undefined ? [name] : [name, metaKey])),
    ...names(EVENT_FIELDS.filter((field) => 'onlyInMeta' in field)),
  ]),
};

/**
 * Replaces the placeholders for fields of the contract in a view:
 * - `{event_columns}`: the columns of an event in `telemetry_raw` except `meta`
 * - `{parsed_fields}`: names and types for JSONExtract
 * - `{plain_fields}`, `{plain_values}`, `{plain_limits}`: for events that keep every rule in the simplest way: names and types for
 *   JSONExtract, the values of columns, and a condition that is true when a value breaks a limit (lengths in bytes, so that it can
 *   be true for a text that the contract allows)
 * - `{number_fields}`: names of the number fields as SQL texts; `{number_names}` in a regular expression
 * - `{text_names}`: names of the fields that are text in JSON, in a regular expression
 * - `{typed_fields}`: all names with a JSON type to check, keys of `meta` included, as SQL texts
 */
export function fillFieldLists(sql: string): string {
  return Object.entries(LISTS).reduce((text, [placeholder, list]) => text.replaceAll(placeholder, list), sql);
}

/** A text has the dictionary of its column already when it is parsed. */
function plainType(field: EventField): string {
  return field.column.startsWith('LowCardinality') ? 'LowCardinality(Nullable(String))' : PARSED_TYPE[field.type];
}

function plainLimit(field: EventField): string[] {
  switch (field.type) {
    case 'text':
      return [`length(e.${field.name}) NOT BETWEEN 1 AND ${field.maxChars}`];
    case 'number':
      return [`e.${field.name} NOT BETWEEN ${field.min} AND ${field.max}`];
    case 'state':
      return [`e.${field.name} NOT IN (${quoted(ROBOT_STATES)})`];
    default:
      return [];
  }
}

function ofType(type: EventField['type']): EventField[] {
  return MESSAGE_FIELDS.filter((field) => field.type === type);
}

function names(fields: readonly EventField[]): string[] {
  return fields.map(({ name }) => name);
}

function quoted(texts: readonly string[]): string {
  return texts.map((text) => `'${text}'`).join(', ');
}
