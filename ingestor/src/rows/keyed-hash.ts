import { randomBytes } from 'node:crypto';

/**
 * HalfSipHash-1-3 with a random key of this process. Producers choose the values that hash tables find by it: without a key, they could
 * choose values with the same hash, and each lookup would compare all of them.
 */
const key = randomBytes(8);
const K0 = key.readInt32LE(0);
const K1 = key.readInt32LE(4);
const INIT2 = 0x6c79_6765;
const INIT3 = 0x7465_6462;
const FINAL = 0xff;
const FINAL_ROUNDS = 3;

/** Of four words. Not the same in another process. */
export function keyedHashOfWords(a: number, b: number, c: number, d: number): number {
  let v0 = K0;
  let v1 = K1;
  let v2 = K0 ^ INIT2;
  let v3 = K1 ^ INIT3;
  for (let i = 0; i < 4 + FINAL_ROUNDS; i++) {
    const word = i === 0 ? a : i === 1 ? b : i === 2 ? c : i === 3 ? d : 0;
    if (i === 4) v2 ^= FINAL;
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  return v1 ^ v3;
}

/** Of the bytes from `start` to `end` (exclusive). Not the same in another process. */
export function keyedHashOfBytes(bytes: Uint8Array, start: number, end: number): number {
  let v0 = K0;
  let v1 = K1;
  let v2 = K0 ^ INIT2;
  let v3 = K1 ^ INIT3;
  const words = ((end - start) >> 2) + 1;
  for (let i = 0; i < words + FINAL_ROUNDS; i++) {
    let word = 0;
    if (i < words) {
      const at = start + 4 * i;
      // After the last byte: 0, and the length in the highest byte.
      const isLast = i === words - 1;
      if (isLast) word = (end - start) << 24;
      if (at < end) word |= bytes[at] ?? 0;
      if (at + 1 < end) word |= (bytes[at + 1] ?? 0) << 8;
      if (at + 2 < end) word |= (bytes[at + 2] ?? 0) << 16;
      if (at + 3 < end) word |= (bytes[at + 3] ?? 0) << 24;
    } else if (i === words) v2 ^= FINAL;
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  return v1 ^ v3;
}
