const UUID_BYTES = 16;
const TIME_BYTES = 8;

/**
 * A 128-bit hash of what identifies an event (`IDENTITY_FIELDS` of the contract), read from a row of `telemetry_raw`: its first columns are
 * event_id, robot_id and ts. One object serves all rows, so that none is created per event. The words are signed, because V8 creates
 * an object for an unsigned number above 2^31.
 */
export class EventIdentity {
  a = 0;
  b = 0;
  c = 0;
  d = 0;

  /** @param start of the row in `bytes` */
  read(bytes: Uint8Array, start: number): this {
    const end = endOfText(bytes, start + UUID_BYTES) + TIME_BYTES;
    let first = 0x811c_9dc5;
    let second = 0x9e37_79b9;
    for (let at = start + UUID_BYTES; at < end; at++) {
      const byte = bytes[at] ?? 0;
      first = Math.imul(first ^ byte, 0x0100_0193);
      second = Math.imul(((second << 5) | (second >>> 27)) ^ byte, 0x9e37_79b1);
    }
    this.a = word(bytes, start) ^ first;
    this.b = word(bytes, start + 4) ^ second;
    this.c = word(bytes, start + 8) ^ Math.imul(first ^ (first >>> 15), 0x85eb_ca6b);
    this.d = word(bytes, start + 12) ^ Math.imul(second ^ (second >>> 13), 0xc2b2_ae35);
    return this;
  }
}

/** The end of a RowBinary string: its length as a varint, then its bytes. */
function endOfText(bytes: Uint8Array, start: number): number {
  let length = 0;
  let at = start;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++] ?? 0;
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return at + length;
  }
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
}
