import { EVENT_FIELDS } from '@floorwatch/contract';

/** The RowBinary writer of an event field. The event id has its own writer, because it may be derived from the place in Kafka. */
export const CELL = { eventId: 0, string: 1, nullableString: 2, nullableFloat32: 3, milliseconds: 4 } as const;

/** Index: place in `EVENT_FIELDS`. */
export const CELLS = Uint8Array.from(EVENT_FIELDS, ({ name, column }) =>
  name === 'event_id' ? CELL.eventId : cellOf(column)
);

/** @throws when there is no writer for the type */
function cellOf(column: string): number {
  const plain = /^LowCardinality\((.*)\)$/.exec(column)?.[1] ?? column;
  if (plain === 'String') return CELL.string;
  if (plain === 'Nullable(String)') return CELL.nullableString;
  if (plain === 'Nullable(Float32)') return CELL.nullableFloat32;
  if (plain.startsWith('DateTime64(3')) return CELL.milliseconds;
  throw new Error(`no RowBinary writer for ${column}`);
}
