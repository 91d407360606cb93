import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventIdentity } from '../rows/event-identity.ts';
import { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import { DuplicateWindow } from './duplicate-window.ts';

const EVENT_ID = '1b8e8f3c-5d2a-4b8e-9a55-0e4f6a1b2c3d';

/** The identity of an event, read from a row that other rows surround. */
function identity(robotId: string, tsMs: number, eventId = EVENT_ID): EventIdentity {
  const rows = new RowBinaryWriter();
  rows.beginRow();
  rows.raw(Buffer.alloc(5, 7));
  rows.beginRow();
  rows.uuid(eventId);
  rows.string(robotId);
  rows.int64(tsMs);
  const { lastRowStart } = rows;
  rows.raw(Buffer.alloc(30, tsMs % 256));
  return new EventIdentity().read(rows.buffer, lastRowStart);
}

const numbered = (n: number): EventIdentity =>
  identity('amr-1', 1_000, `1b8e8f3c-5d2a-4b8e-9a55-0e4f6a1b${n.toString(16).padStart(4, '0')}`);

describe('DuplicateWindow', () => {
  test('keeps events of different robots, times and ids apart, although two of the three are equal', () => {
    const window = new DuplicateWindow(100);
    const zeros = '00000000-0000-0000-0000-000000000000';
    const events = [
      ...[1, 2, 3, 4, 5].map((robot) => () => identity(`amr-${robot}`, 1_000, zeros)),
      () => identity('amr-1', 1_001, zeros),
      () => identity('amr-1', 1_000),
      () => identity('x'.repeat(127), 1_000),
      () => identity('x'.repeat(128), 1_000),
    ];
    expect(events.map((event) => window.sees(event()))).toEqual(events.map(() => false));
    expect(events.map((event) => window.sees(event()))).toEqual(events.map(() => true));
    expect(window.size).toBe(events.length);
  });

  test('never forgets one of the last ids, and never mistakes a new id for a known one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(fc.integer({ min: 0, max: 40 })), (capacity, numbers) => {
        const window = new DuplicateWindow(capacity);
        const distinct: number[] = [];
        for (const n of numbers) {
          const seen = window.sees(numbered(n));
          if (distinct.slice(-capacity).includes(n)) expect(seen).toBe(true);
          if (!distinct.includes(n)) expect(seen).toBe(false);
          if (!seen) distinct.push(n);
          expect(window.size).toBeLessThanOrEqual(2 * capacity);
        }
      })
    );
  });

  test('is disabled with a capacity of 0', () => {
    const window = new DuplicateWindow(0);
    expect(window.sees(numbered(1))).toBe(false);
    expect(window.sees(numbered(1))).toBe(false);
  });
});
