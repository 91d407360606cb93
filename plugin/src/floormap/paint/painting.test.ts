import { STATUSES, statusIndex } from '../fleet/status';
import { testFleet } from '../fleet/testFleet';
import { opacities, paintingOrder } from './paintedRobots';
import { SHAPES } from './markers';
import { spriteColumn } from './spriteAtlas';

it('paints trouble last, and robots of one status in their own order', () => {
  const [idle, error] = [statusIndex('idle'), statusIndex('error')];
  expect([...paintingOrder(Uint8Array.from([error, idle, idle]))]).toEqual([1, 2, 0]);
});

it('fades a silent robot with its age but never lets it disappear', () => {
  const fleet = testFleet(
    [5, 61, 1_000, 1e9].map((age_seconds, i) => ({ robot_id: `${i}`, x: 0, y: 0, state: 'idle', age_seconds }))
  );
  const [fresh = 0, justSilent = 0, silent = 0, forgotten = 0] = opacities(fleet, 60);
  expect(fresh).toBe(1);
  expect(justSilent).toBeLessThan(0.9);
  expect(silent).toBeLessThan(justSilent);
  expect(forgotten).toBeCloseTo(0.4, 5);
});

it('fades a robot whose data is old because the pipeline lags, although it is not silent', () => {
  const late = { x: 0, y: 0, state: 'working', silent_seconds: 0 };
  const fleet = testFleet([
    { robot_id: 'late', ...late, age_seconds: 900 },
    { robot_id: 'fresh', ...late, age_seconds: 5 },
  ]);
  const [old = 1, fresh = 0] = opacities(fleet, 60);
  expect(fresh).toBe(1);
  expect(old).toBeLessThan(0.8);
});

it.each([
  ['with a heading', false],
  ['without one', true],
])('has a shape of its own for every status, told apart without colour, of robots %s', (_, isHeadless) => {
  const seen = STATUSES.map((status) => {
    const { bodyWithoutHeading, sign, isHollow, turns } = SHAPES[status];
    const body = (isHeadless && bodyWithoutHeading) || SHAPES[status].body;
    const calls: string[] = [];
    const pen = new Proxy(
      {},
      {
        get:
          (_, name) =>
          (...args: unknown[]) =>
            calls.push(`${String(name)} ${args.join()}`),
      }
    );
    body(pen as never);
    sign?.(pen as never);
    return `${calls.join(';')} ${isHollow} ${turns}`;
  });
  expect(new Set(seen).size).toBe(STATUSES.length);
  // An arrow would show a heading that is unknown.
  expect(SHAPES.working.bodyWithoutHeading).toBeDefined();
});

it('picks the sprite of the nearest heading', () => {
  expect(spriteColumn(0)).toBe(0);
  expect(spriteColumn(Math.PI / 2)).toBe(12);
  expect(spriteColumn(-Math.PI / 2)).toBe(36);
  expect(spriteColumn(2 * Math.PI - 0.01)).toBe(0);
  expect(spriteColumn(NaN)).toBe(48);
});
