import type { RobotEvent } from '@floorwatch/contract';
import { eventIdFor } from '@floorwatch/contract/event-id';
import type { Position } from './position.ts';
import type { RowBinaryWriter } from './row-binary-writer.ts';
import { SOURCE_INGESTOR, SOURCE_TYPE } from './source.ts';

/**
 * Columns of `telemetry_raw` in the order in which a row is written, with the table's types.
 * `event_id` is first, so that the first 16 bytes of a row are its identity.
 */
export const TELEMETRY_COLUMNS = [
  ['event_id', 'UUID'],
  ['robot_id', 'LowCardinality(String)'],
  ['ts', "DateTime64(3, 'UTC')"],
  ['event_type', 'LowCardinality(String)'],
  ['task_id', 'Nullable(String)'],
  ['x', 'Nullable(Float32)'],
  ['y', 'Nullable(Float32)'],
  ['theta', 'Nullable(Float32)'],
  ['map_id', 'LowCardinality(Nullable(String))'],
  ['site_id', 'LowCardinality(Nullable(String))'],
  ['speed', 'Nullable(Float32)'],
  ['battery', 'Nullable(Float32)'],
  ['state', 'LowCardinality(Nullable(String))'],
  ['error_code', 'LowCardinality(Nullable(String))'],
  ['firmware', 'LowCardinality(Nullable(String))'],
  ['meta', 'String'],
  ['received_at', "DateTime64(3, 'UTC')"],
  ['source', SOURCE_TYPE],
  ['topic', 'LowCardinality(String)'],
  ['partition', 'Int32'],
  ['offset', 'Int64'],
] as const;

export function writeTelemetryRow(
  writer: RowBinaryWriter,
  event: RobotEvent,
  position: Position,
  source = SOURCE_INGESTOR
): void {
  writer.beginRow();
  writer.uuid(event.eventId ?? eventIdFor(position.topic, position.partition, position.offset, position.part));
  writer.string(event.robotId);
  writer.int64(event.tsMs);
  writer.string(event.eventType);
  writer.nullableString(event.taskId);
  writer.nullableFloat32(event.xMetres);
  writer.nullableFloat32(event.yMetres);
  writer.nullableFloat32(event.headingRadians);
  writer.nullableString(event.mapId);
  writer.nullableString(event.siteId);
  writer.nullableFloat32(event.speedMetresPerSecond);
  writer.nullableFloat32(event.batteryPercent);
  writer.nullableString(event.state);
  writer.nullableString(event.errorCode);
  writer.nullableString(event.firmware);
  writer.string(event.meta);
  writer.int64(position.receivedAtMs);
  writer.uint8(source);
  writer.string(position.topic);
  writer.int32(position.partition);
  writer.int64(position.offset);
}
