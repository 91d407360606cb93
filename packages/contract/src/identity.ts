/**
 * The fields that identify an event: two events that agree in all of them are the same event, whatever their other fields are. In the
 * order of the sort key of `telemetry_raw`. Everything that recognises a repeated event uses these: the sort key, the
 * deduplication window, comparisons with storage.
 *
 * `event_id` alone is not enough: robots with the same faulty firmware send the same id, for example only zeros.
 */
export const IDENTITY_FIELDS = ['robot_id', 'ts', 'event_id'] as const;
