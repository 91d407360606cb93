import type { Robot } from './robot-state.ts';

const CRUISE_METRES_PER_SECOND = 1.5;

/** Moves a robot along its route at cruising speed for the given time. */
export function drive(robot: Robot, seconds: number): void {
  robot.speedMetresPerSecond = CRUISE_METRES_PER_SECOND;
  robot.metresIntoSegment += CRUISE_METRES_PER_SECOND * seconds;
  const { floor } = robot.site;
  for (;;) {
    const [here, next] = robot.route;
    const from = floor.positionOf(here);
    if (next === undefined) {
      Object.assign(robot, { ...from, metresIntoSegment: 0 });
      return;
    }
    const to = floor.positionOf(next);
    const dx = to.xMetres - from.xMetres;
    const dy = to.yMetres - from.yMetres;
    const segmentMetres = Math.hypot(dx, dy);
    robot.headingRadians = Math.atan2(dy, dx);
    if (robot.metresIntoSegment < segmentMetres) {
      const share = robot.metresIntoSegment / segmentMetres;
      robot.xMetres = from.xMetres + dx * share;
      robot.yMetres = from.yMetres + dy * share;
      return;
    }
    robot.metresIntoSegment -= segmentMetres;
    robot.route.shift();
  }
}
