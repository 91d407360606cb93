import fc from 'fast-check';

/** Seeded, so that a failure can be reproduced. */
const SEED = 20_260_722;

/** Messages of one or more events whose fields are valid, invalid, absent or null in any combination. */
export function generatedMessages(nowMs: number, count: number): Buffer[] {
  const hostileScalar = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      false,
      '',
      '0',
      '1.5',
      'NaN',
      '-',
      [],
      {},
      [1],
      { a: 1 },
      -1,
      1e8,
      101,
      5e-324
    ),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => text.isWellFormed())
  );
  // Mostly valid, so that later rules are reached too.
  const field = <T>(right: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
    fc.oneof(
      { weight: 14, arbitrary: right },
      { weight: 4, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: hostileScalar }
    );
  const metres = fc.double({ min: -500, max: 500, noNaN: true });
  const text = fc.oneof(fc.constantFrom('a', 'task-7', 'Halle Süd', '北'), fc.string({ minLength: 1, maxLength: 260 }));
  const whenMs = fc.integer({ min: nowMs - 80 * 86_400_000, max: nowMs + 3_600_000 });

  const event = fc
    .record({
      event_id: field(fc.uuid()),
      robot_id: field(fc.constantFrom('amr-1', 'amr-2', 'KUKA/0001')),
      ts: field(
        fc.oneof(
          whenMs.map((ms) => new Date(ms).toISOString()),
          whenMs
        )
      ),
      event_type: field(fc.constantFrom('POSITION_UPDATE', 'TASK_STARTED', 'SOMETHING_NEW')),
      task_id: field(text),
      position: fc.oneof(
        { weight: 9, arbitrary: fc.record({ x: metres, y: metres }) },
        { weight: 2, arbitrary: fc.record({ x: field(metres), y: field(metres) }) }
      ),
      theta: field(fc.double({ min: -50, max: 50, noNaN: true })),
      map_id: field(text),
      site_id: field(text),
      speed: field(fc.double({ min: -3, max: 3, noNaN: true })),
      battery: field(fc.double({ min: 0, max: 100, noNaN: true })),
      state: field(
        fc.constantFrom('working', 'idle', 'charging', 'blocked', 'error', 'manual', 'maintenance', 'offline')
      ),
      error_code: field(text),
      meta: field(fc.record({ firmware: field(text), heading: field(metres), note: fc.jsonValue({ maxDepth: 2 }) })),
    })
    .map(({ position, ...rest }) => JSON.stringify({ ...rest, ...position }));
  const message = fc.oneof(
    { weight: 12, arbitrary: event },
    {
      weight: 1,
      arbitrary: fc.array(event, { minLength: 1, maxLength: 4 }).map((events) => `[${events.join(' , ')}]`),
    },
    { weight: 1, arbitrary: fc.array(event, { minLength: 1, maxLength: 4 }).map((events) => events.join('\n')) },
    // A byte is removed or duplicated somewhere.
    {
      weight: 1,
      arbitrary: fc
        .tuple(event, fc.nat())
        .map(([json, at]) => json.slice(0, at % json.length) + json.slice((at % json.length) + 1)),
    }
  );
  return fc.sample(message, { seed: SEED, numRuns: count }).map((json) => Buffer.from(json, 'utf8'));
}
