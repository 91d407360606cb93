import { testFleet } from '../fleet/testFleet';
import { Motion } from './motion';

const at = (x: number, over: Record<string, unknown> = {}) =>
  testFleet([{ robot_id: 'a', x, y: 0, theta: 0, speed: 1, state: 'working', age_seconds: 0, ...over }]);

function moved(second = at(1)) {
  const motion = new Motion();
  motion.update(at(0), 0, 60);
  motion.update(second, 1_000, 60);
  return motion;
}

it('shows the first positions at once', () => {
  const motion = new Motion();
  motion.update(at(5), 0, 60);
  expect(motion.xMetres[0]).toBe(5);
});

it('glides to the reported place in the time that updates take', () => {
  const motion = moved();
  expect(motion.xMetres[0]).toBe(0);
  motion.step(1_500);
  expect(motion.xMetres[0]).toBeCloseTo(0.5, 9);
  motion.step(2_000);
  expect(motion.xMetres[0]).toBeCloseTo(1, 9);
});

it('jumps, and stays, for a viewer who has asked for less motion', () => {
  const motion = new Motion();
  motion.update(at(0), 0, 60, false);
  motion.update(at(1), 1_000, 60, false);
  expect(motion.xMetres[0]).toBe(1);
  motion.step(1_500);
  expect(motion.xMetres[0]).toBe(1);
});

it('carries a moving robot on for one more update at most, and then rests', () => {
  const motion = moved();
  motion.step(2_500);
  expect(motion.xMetres[0]).toBeCloseTo(1.5, 9);
  expect(motion.step(60_000)).toBe(false);
  expect(motion.xMetres[0]).toBeCloseTo(2, 9);
});

it('never carries a robot past the age at which its position is stale', () => {
  const motion = moved(at(1, { age_seconds: 59.75 }));
  motion.step(60_000);
  expect(motion.xMetres[0]).toBeCloseTo(1.25, 9);
});

it.each(['idle', 'charging', 'error'])('leaves a robot that is %s where it was reported', (state) => {
  const motion = moved(at(1, { state }));
  motion.step(60_000);
  expect(motion.xMetres[0]).toBe(1);
});

it('jumps over a distance that no robot drives', () => {
  expect(moved(at(500)).xMetres[0]).toBe(500);
});

it('turns the short way round', () => {
  const motion = new Motion();
  motion.update(at(0, { theta: 3 }), 0, 60);
  motion.update(at(0, { theta: -3 }), 1_000, 60);
  motion.step(1_500);
  expect(Math.cos(motion.headingRadians[0] ?? NaN)).toBeCloseTo(-1, 2);
});

it('knows a robot again when the order of rows changes', () => {
  const motion = new Motion();
  const rows = [
    { robot_id: 'a', x: 0, y: 0 },
    { robot_id: 'b', x: 9, y: 0 },
  ];
  motion.update(testFleet(rows), 0, 60);
  motion.update(
    testFleet([
      { robot_id: 'b', x: 10, y: 0 },
      { robot_id: 'c', x: 3, y: 3 },
    ]),
    1_000,
    60
  );
  expect([...motion.xMetres]).toEqual([9, 3]);
});

it('gives a robot without a position none', () => {
  const motion = moved(at(NaN));
  motion.step(1_500);
  expect(motion.xMetres[0]).toBeNaN();
});

it('does not rush when an update comes out of turn, soon after another one', () => {
  const motion = moved();
  motion.update(at(1), 1_050, 60);
  motion.step(1_300);
  expect(motion.xMetres[0]).toBeLessThan(0.6);
});

it('knows how long a picture of it looks the same: until the fastest robot is half a pixel farther', () => {
  // 1 m/s, before and after the glide.
  expect(moved().stillMs(5, 10)).toBeCloseTo(100, 6);
  expect(moved().stillMs(50, 10)).toBeCloseTo(10, 6);
  // 2 m in a second, to a robot that then stands.
  expect(moved(at(2, { state: 'idle', speed: 0 })).stillMs(5, 10)).toBeCloseTo(50, 6);
  // A quarter turn in a second moves the edge of a marker of 20 px by 16 px.
  const turned = moved(at(0, { theta: Math.PI / 2, state: 'idle', speed: 0 }));
  expect(turned.stillMs(5, 20)).toBeCloseTo(500 / ((10 * Math.PI) / 2), 6);
});

it('is painted again four times per second while it hardly moves, and a jump is no movement', () => {
  expect(moved(at(0, { state: 'idle' })).stillMs(5, 10)).toBe(250);
  expect(moved(at(500, { state: 'idle' })).stillMs(5, 10)).toBe(250);
});
