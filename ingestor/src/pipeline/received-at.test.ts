import { expect, test } from 'vitest';
import { receivedAtMs } from './received-at.ts';

const ARRIVED_AT_MS = Date.UTC(2026, 5, 15, 12);

test.each([
  ['produced before it arrived: its arrival', -250, 0],
  ['produced days before it arrived: its arrival', -259_200_000, 0],
  ['without a timestamp: its arrival', -ARRIVED_AT_MS - 1, 0],
  ['produced by a clock slightly ahead: the time it was produced', 40, 40],
  ['produced by a clock one second ahead: the time it was produced', 1_000, 1_000],
  ['produced by a clock two seconds ahead: its arrival', 2_000, 0],
  ['produced by a clock one hour ahead: its arrival', 3_600_000, 0],
])('received_at of a message %s', (_case, producedMs, expectedMs) => {
  expect(receivedAtMs(ARRIVED_AT_MS, ARRIVED_AT_MS + producedMs) - ARRIVED_AT_MS).toBe(expectedMs);
});
