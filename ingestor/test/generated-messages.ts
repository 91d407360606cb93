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
  // What a robot usually sends: nearly all of these take path A's plain lane, with one hostile text somewhere.
  const near = fc.constantFrom(
    '"',
    '}',
    '{',
    '\\',
    '"meta":{',
    '"meta"',
    '{"meta":null}',
    '5',
    'true',
    'null',
    '',
    ' ',
    '"x":"1"',
    '\n'
  );
  const plainText = fc.oneof({ weight: 6, arbitrary: fc.constantFrom('a', 'task-7', 'Halle Süd', 'meta') }, near);
  const usual = fc
    .record({
      event_id: fc.uuid(),
      robot_id: fc.oneof({ weight: 9, arbitrary: fc.constant('amr-1') }, plainText),
      ts: whenMs.map((ms) => new Date(ms).toISOString()),
      event_type: fc.constantFrom('POSITION_UPDATE', 'meta'),
      task_id: fc.oneof(fc.constant(null), plainText),
      x: metres,
      y: metres,
      battery: fc.double({ min: 0, max: 100, noNaN: true }),
      error_code: fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, plainText),
      meta: fc.oneof(
        { weight: 6, arbitrary: fc.record({ firmware: plainText, heading: metres }) },
        fc.record({
          heading: field(metres),
          note: fc.oneof(plainText, fc.dictionary(near, plainText, { maxKeys: 2 })),
        }),
        fc.constantFrom<unknown>(null, {}, [], 'text', ['v1', 1.5])
      ),
    })
    .chain((fields) =>
      fc.tuple(fc.shuffledSubarray(Object.entries(fields), { minLength: 8 }), fc.constantFrom('', ' ', '  '))
    )
    .map(
      ([entries, space]) =>
        `{${entries.map(([key, value]) => `${JSON.stringify(key)}${space}:${space}${JSON.stringify(value)}`).join(`,${space}`)}}`
    );
  const message = fc.oneof(
    { weight: 12, arbitrary: event },
    { weight: 12, arbitrary: usual },
    // A key twice, with two values.
    {
      weight: 2,
      arbitrary: fc.tuple(usual, usual).map(([first, second]) => `${first.slice(0, -1)},${second.slice(1)}`),
    },
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
