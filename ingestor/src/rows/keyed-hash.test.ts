import { expect, test } from 'vitest';
import { keyedHashOfBytes, keyedHashOfWords } from './keyed-hash.ts';

/** FNV-1a, which has no key. */
function withoutKey(bytes: Uint8Array): number {
  let hash = 0x811c_9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x0100_0193);
  return hash ^ (hash >>> 15);
}

const SLOTS = 1 << 12;
const slotsOf = (hashes: readonly number[]): number => new Set(hashes.map((hash) => hash & (SLOTS - 1))).size;

test('texts that a producer chooses for one slot of a hash without a key are in many slots', () => {
  const texts: Buffer[] = [];
  for (let i = 0; texts.length < 200; i++) {
    const text = Buffer.from(`error-${i}`);
    if ((withoutKey(text) & (SLOTS - 1)) === 0) texts.push(text);
  }
  expect(slotsOf(texts.map(withoutKey))).toBe(1);
  expect(slotsOf(texts.map((text) => keyedHashOfBytes(text, 0, text.length)))).toBeGreaterThan(180);
});

test('ids that differ in any one bit, or in one byte at any length, are in different slots', () => {
  const words = Array.from({ length: 128 }, (_, bit) =>
    [0, 1, 2, 3].map((word) => (bit >> 5 === word ? 1 << (bit & 31) : 0))
  );
  const hashes = words.map(([a = 0, b = 0, c = 0, d = 0]) => keyedHashOfWords(a, b, c, d));
  expect(new Set(hashes).size).toBe(128);
  expect(slotsOf(hashes)).toBeGreaterThan(110);
  const texts = Array.from({ length: 40 }, (_, length) => [
    Buffer.alloc(length),
    Buffer.alloc(length + 1).fill(1, length),
  ]).flat();
  expect(new Set(texts.map((text) => keyedHashOfBytes(text, 0, text.length))).size).toBe(80);
});

test('the hash does not depend on where the bytes are', () => {
  const text = Buffer.from('..amr-00017');
  expect(keyedHashOfBytes(text, 2, 11)).toBe(keyedHashOfBytes(text.subarray(2), 0, 9));
  expect(keyedHashOfBytes(text, 2, 11)).not.toBe(keyedHashOfBytes(text, 1, 11));
});
