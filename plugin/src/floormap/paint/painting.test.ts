import type { PlanGeometry } from '@floorwatch/ingestor/plans/transform';
import { STATUSES, statusIndex } from '../fleet/status';
import { testFleet } from '../fleet/testFleet';
import { scaleBar } from '../layers/ringsLayer';
import { visiblePart } from '../layers/planLayer';
import { ResolutionGovernor } from '../engine/resolutionGovernor';
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
  // An arrow would tell a heading that nobody knows.
  expect(SHAPES.working.bodyWithoutHeading).toBeDefined();
});

it('picks the sprite of the nearest heading', () => {
  expect(spriteColumn(0)).toBe(0);
  expect(spriteColumn(Math.PI / 2)).toBe(12);
  expect(spriteColumn(-Math.PI / 2)).toBe(36);
  expect(spriteColumn(2 * Math.PI - 0.01)).toBe(0);
  expect(spriteColumn(NaN)).toBe(48);
});

it('labels the scale bar with a round length', () => {
  expect(scaleBar(10, 140)).toEqual({ metres: 10, widthPx: 100 });
  expect(scaleBar(100, 140)).toEqual({ metres: 1, widthPx: 100 });
  expect(scaleBar(0.1, 140).metres).toBe(1_000);
});

describe('the visible part of a plan', () => {
  const plan: PlanGeometry = {
    widthPixels: 1_000,
    heightPixels: 500,
    metresPerPixel: 0.1,
    originXMetres: 0,
    originYMetres: 0,
    yawRadians: 0,
  };
  const view = { widthPx: 200, heightPx: 100, centreXMetres: 50, centreYMetres: 25, pxPerMetre: 10 };

  it('is what the screen covers', () => {
    expect(visiblePart(plan, view)).toEqual({ u: 399, v: 199, w: 202, h: 102 });
  });

  it('is nothing when the plan is out of sight', () => {
    expect(visiblePart(plan, { ...view, centreXMetres: 900 })).toBeNull();
  });
});

describe('the resolution while moving', () => {
  const run = (governor: ResolutionGovernor, frames: number, intervalMs: number) => {
    for (let k = 0; k < frames; k++) governor.noteFrame(intervalMs);
  };

  it('stays full while frames come in time', () => {
    const governor = new ResolutionGovernor();
    run(governor, 500, 16.7);
    expect(governor.share).toBe(1);
  });

  it('falls while frames run late, and not without end', () => {
    const governor = new ResolutionGovernor();
    run(governor, 8, 40);
    expect(governor.share).toBe(0.75);
    run(governor, 200, 40);
    expect(governor.share).toBe(0.375);
  });

  it('rises again after seconds in time', () => {
    const governor = new ResolutionGovernor();
    run(governor, 8, 40);
    run(governor, 240, 16.7);
    expect(governor.share).toBe(1);
  });
});
