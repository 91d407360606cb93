import type { Batch } from './batch.ts';

/**
 * Names a batch's insert for ever: ClickHouse drops a second insert of the same name, whatever is in it.
 *
 * Only what may be dropped has the same name. A schema that was unknown at the first attempt may be registered by the
 * second, and then an event that was to be a dead letter is a row: dropping it with the rest would lose it.
 */
export function batchToken(
  clusterId: string,
  epoch: string,
  { of, first, last, rejected }: Pick<Batch, 'of' | 'first' | 'last' | 'rejected'>
): string {
  const unread = rejected.get('schema_unknown') ?? 0;
  const offsets = `${clusterId}:${of.topic}:${epoch}:${of.partition}:${first}-${last}`;
  return unread === 0 ? offsets : `${offsets}:unread-${unread}`;
}
