/**
 * Follows the messages of a fetch whose last records are not messages: the end of a transaction, an aborted transaction, or
 * records that compaction has removed. So the consumer knows that nothing is left up to this offset.
 */
export class SkipMarker {
  readonly offset: string;
  readonly timestamp = '0';
  readonly isControlRecord = false;
  readonly attributes = 0;
  readonly key = null;
  readonly value = null;
  readonly headers = {};

  constructor(lastOffset: number) {
    this.offset = String(lastOffset);
  }
}
