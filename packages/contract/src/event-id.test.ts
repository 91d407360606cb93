import { expect, test } from 'vitest';
import { eventIdFor } from './event-id.ts';

test('is the UUID v5 that other implementations compute', () => {
  // python3 -c "import uuid; print(uuid.uuid5(uuid.NAMESPACE_URL, 'robot.telemetry/3/1234567890123/0'))"
  expect(eventIdFor('robot.telemetry', 3, 1_234_567_890_123, 0)).toBe('644d32c2-bc1b-5cb6-808b-9ca6b5011047');
});

test('differs for each part of the place', () => {
  const ids = [
    eventIdFor('a', 0, 0, 0),
    eventIdFor('b', 0, 0, 0),
    eventIdFor('a', 1, 0, 0),
    eventIdFor('a', 0, 1, 0),
    eventIdFor('a', 0, 0, 1),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});
