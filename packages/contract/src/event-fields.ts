import { MAX_COORDINATE_METRES } from '@floorwatch/floorplan/map-frame';
import type { EventField } from './event-field.ts';

/** Maximum length of text fields without another limit, in Unicode code points. */
export const MAX_TEXT_CHARS = 256;
/** Largest |theta|. For larger values a Float64 is too inexact to normalise the direction. */
export const MAX_THETA_RADIANS = 1e6;

const ANY_MASK = ['drop', 'hash', 'truncate'] as const;
/** Masking of a field that may be absent but cannot become text. */
const DROP_ONLY = ['drop'] as const;

/**
 * The only list of the event's fields. Validation, the fast scanner, rows, masking, the three schemas, the SQL of path A and the
 * floor map's tooltip are derived from it. Rules are checked in this order, and the first broken rule is the reason of the dead
 * letter. docs/how-to/add-event-field.md explains how to add one.
 */
export const EVENT_FIELDS = [
  {
    name: 'event_id',
    property: 'eventId',
    type: 'uuid',
    protobufTag: 1,
    column: 'UUID',
    mask: DROP_ONLY,
    description: 'UUID',
  },
  {
    name: 'robot_id',
    property: 'robotId',
    type: 'text',
    maxChars: 128,
    required: true,
    protobufTag: 2,
    column: 'LowCardinality(String)',
    mask: ['hash', 'truncate'],
  },
  {
    name: 'ts',
    property: 'tsMs',
    type: 'time',
    required: true,
    protobufTag: 3,
    column: "DateTime64(3, 'UTC')",
    mask: [],
    description: 'event time, UTC',
  },
  {
    name: 'event_type',
    property: 'eventType',
    type: 'text',
    maxChars: MAX_TEXT_CHARS,
    absent: '',
    protobufTag: 4,
    column: 'LowCardinality(String)',
    mask: ANY_MASK,
  },
  {
    name: 'task_id',
    property: 'taskId',
    type: 'text',
    maxChars: MAX_TEXT_CHARS,
    protobufTag: 5,
    column: 'Nullable(String)',
    mask: ANY_MASK,
  },
  {
    name: 'x',
    property: 'xMetres',
    type: 'number',
    min: -MAX_COORDINATE_METRES,
    max: MAX_COORDINATE_METRES,
    unit: 'm',
    pairedWith: 'y',
    invalidReason: 'position_invalid',
    protobufTag: 6,
    column: 'Nullable(Float32)',
    mask: DROP_ONLY,
    description: 'map frame',
  },
  {
    name: 'y',
    property: 'yMetres',
    type: 'number',
    min: -MAX_COORDINATE_METRES,
    max: MAX_COORDINATE_METRES,
    unit: 'm',
    pairedWith: 'x',
    invalidReason: 'position_invalid',
    protobufTag: 7,
    column: 'Nullable(Float32)',
    mask: DROP_ONLY,
    description: 'map frame, up',
  },
  {
    name: 'theta',
    property: 'headingRadians',
    type: 'number',
    min: -MAX_THETA_RADIANS,
    max: MAX_THETA_RADIANS,
    unit: 'rad',
    isAngle: true,
    metaKey: 'heading',
    protobufTag: 8,
    column: 'Nullable(Float32)',
    mask: DROP_ONLY,
    description: 'counter-clockwise from +x',
  },
  {
    name: 'map_id',
    property: 'mapId',
    type: 'text',
    maxChars: MAX_TEXT_CHARS,
    protobufTag: 9,
    column: 'LowCardinality(Nullable(String))',
    mask: ANY_MASK,
  },
  {
    name: 'site_id',
    property: 'siteId',
    type: 'text',
    maxChars: MAX_TEXT_CHARS,
    protobufTag: 10,
    column: 'LowCardinality(Nullable(String))',
    mask: ANY_MASK,
  },
  {
    name: 'speed',
    property: 'speedMetresPerSecond',
    type: 'number',
    min: -1e4,
    max: 1e4,
    unit: 'm/s',
    protobufTag: 11,
    column: 'Nullable(Float32)',
    mask: DROP_ONLY,
    tooltip: { label: 'Speed', digits: 2 },
  },
  {
    name: 'battery',
    property: 'batteryPercent',
    type: 'number',
    min: 0,
    max: 100,
    unit: 'percent',
    outOfRangeReason: 'battery_out_of_range',
    protobufTag: 12,
    column: 'Nullable(Float32)',
    mask: DROP_ONLY,
    description: '0 to 100',
  },
  {
    name: 'state',
    property: 'state',
    type: 'state',
    protobufTag: 13,
    column: 'LowCardinality(Nullable(String))',
    mask: DROP_ONLY,
  },
  {
    name: 'error_code',
    property: 'errorCode',
    type: 'text',
    maxChars: MAX_TEXT_CHARS,
    protobufTag: 14,
    column: 'LowCardinality(Nullable(String))',
    mask: ANY_MASK,
  },
  {
    name: 'firmware',
    property: 'firmware',
    type: 'text',
    maxChars: MAX_TEXT_CHARS,
    metaKey: 'firmware',
    onlyInMeta: true,
    column: 'LowCardinality(Nullable(String))',
    mask: ANY_MASK,
  },
  { name: 'meta', property: 'meta', type: 'object', absent: '', protobufTag: 15, column: 'String', mask: DROP_ONLY },
] as const satisfies readonly EventField[];

export type Field = (typeof EVENT_FIELDS)[number];
export type MessageField = Exclude<Field, { onlyInMeta: true }>;

/** The fields of a message; the others are inside its `meta`. */
export const MESSAGE_FIELDS: readonly EventField[] = EVENT_FIELDS.filter((field) => !('onlyInMeta' in field));

type TooltipField = Extract<Field, { tooltip: object }>;
export type TooltipName = TooltipField['name'];

/** Additional fields in the floor map's tooltip, in this order. */
export const TOOLTIP_FIELDS: readonly TooltipField[] = EVENT_FIELDS.filter((field) => 'tooltip' in field);

/** Place of a field in `EVENT_FIELDS`. */
export function fieldIndex(name: Field['name']): number {
  return EVENT_FIELDS.findIndex((field) => field.name === name);
}
