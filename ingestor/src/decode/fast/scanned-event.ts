import { EVENT_FIELDS } from '@floorwatch/contract';

/**
 * A valid event as positions in the bytes of its message. The index is the place of a field in `EVENT_FIELDS`. One object is
 * reused for all events. A number (or a time, in milliseconds since the epoch) is in `numbers`, NaN when absent.
 * Anything else is the bytes from `starts` to `ends`, with a start of -1 when absent. An object includes its braces.
 */
export class ScannedEvent {
  readonly numbers = new Float64Array(EVENT_FIELDS.length);
  readonly starts = new Int32Array(EVENT_FIELDS.length);
  readonly ends = new Int32Array(EVENT_FIELDS.length);

  clear(): void {
    const { numbers, starts } = this;
    for (let field = 0; field < starts.length; field++) {
      numbers[field] = NaN;
      starts[field] = -1;
    }
  }
}
