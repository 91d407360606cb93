import { EVENT_FIELDS, MESSAGE_FIELDS, type EventField } from '@floorwatch/contract';

/** Types with which path A parses a field. It reads a time as text, because it may also be a number. */
const PARSED_TYPE: Record<EventField['type'], string> = {
  uuid: 'Nullable(String)',
  text: 'Nullable(String)',
  time: 'Nullable(String)',
  number: 'Nullable(Float64)',
  state: 'Nullable(String)',
  object: 'Nullable(String)',
};

/** Lists of fields for placeholders in views, so that they include a new field of the contract. */
const LISTS: Readonly<Record<string, string>> = {
  '{event_columns}': names(EVENT_FIELDS.filter(({ type }) => type !== 'object')).join(', '),
  '{parsed_fields}': MESSAGE_FIELDS.map(({ name, type }) => `${name} ${PARSED_TYPE[type]}`).join(', '),
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
 * - `{number_fields}`: names of the number fields as SQL texts; `{number_names}` in a regular expression
 * - `{text_names}`: names of the fields that are text in JSON, in a regular expression
 * - `{typed_fields}`: all names with a JSON type to check, keys of `meta` included, as SQL texts
 */
export function fillFieldLists(sql: string): string {
  return Object.entries(LISTS).reduce((text, [placeholder, list]) => text.replaceAll(placeholder, list), sql);
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
