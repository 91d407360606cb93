import { EVENT_FIELDS, type RobotEvent } from '@floorwatch/contract';
import { eventIdFor } from '@floorwatch/contract/event-id';
import { CELL, CELLS } from './cells.ts';
import { SOURCE_INGESTOR, SOURCE_TYPE, type Position } from './origin.ts';
import type { RowBinaryWriter } from './row-binary-writer.ts';

/**
 * Columns of `telemetry_raw` in the order in which a row is written, with the table's types: first the event's fields, then
 * its place in Kafka and its arrival. `event_id` is first, so that the first 16 bytes of a row are its identity.
 */
export const TELEMETRY_COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ...EVENT_FIELDS.map(({ name, column }) => [name, column] as const),
  ['received_at', "DateTime64(3, 'UTC')"],
  ['source', SOURCE_TYPE],
  ['topic', 'LowCardinality(String)'],
  ['partition', 'Int32'],
  ['offset', 'Int64'],
];

const PROPERTIES = EVENT_FIELDS.map(({ property }) => property);

export function writeTelemetryRow(
  writer: RowBinaryWriter,
  event: RobotEvent,
  position: Position,
  source = SOURCE_INGESTOR
): void {
  writer.beginRow();
  writer.uuid(event.eventId ?? eventIdFor(position.topic, position.partition, position.offset, position.part));
  for (let field = 1; field < CELLS.length; field++) {
    const value = event[PROPERTIES[field] ?? 'eventId'];
    switch (CELLS[field]) {
      case CELL.nullableString:
        writer.nullableString(value as string | null);
        break;
      case CELL.nullableFloat32:
        writer.nullableFloat32(value as number | null);
        break;
      case CELL.string:
        writer.string(value as string);
        break;
      default:
        writer.int64(value as number);
    }
  }
  writer.int64(position.receivedAtMs);
  writer.uint8(source);
  writer.string(position.topic);
  writer.int32(position.partition);
  writer.int64(position.offset);
}
