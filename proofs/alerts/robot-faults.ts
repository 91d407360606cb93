import type { Random } from '@floorwatch/demo/fleet/random';
import type { Fault } from './fault.ts';
import { ZONES, type AlertFleet, type FleetRobot } from './fleet.ts';

/** A robot is silent after this time. */
const SILENT_SECONDS = 60;

/** Changes robots until the fix. */
function robotFault(
  name: string,
  expects: string,
  options: {
    holdsAfterSeconds: number;
    choose: (
      robots: readonly FleetRobot[],
      random: Random
    ) => { robots: readonly FleetRobot[]; names: readonly string[] };
    change: Partial<FleetRobot>;
  }
): Fault {
  return {
    name,
    expects,
    holdsAfterSeconds: options.holdsAfterSeconds,
    inject: ({ fleet, random }) => {
      const { robots, names } = options.choose(fleet.robots, random);
      for (const robot of robots) Object.assign(robot, options.change);
      return { names, fix: healed(fleet) };
    },
  };
}

const healed = (fleet: AlertFleet) => (): Promise<void> => {
  fleet.heal();
  return Promise.resolve();
};

const one = (robots: readonly FleetRobot[], random: Random) => {
  const robot = random.pick(robots);
  return { robots: [robot], names: [robot.robotId] };
};

const groupSilence = (
  name: string,
  choose: (robots: readonly FleetRobot[], random: Random) => { robots: readonly FleetRobot[]; names: readonly string[] }
) =>
  robotFault(name, 'Group of robots silent', { holdsAfterSeconds: SILENT_SECONDS, choose, change: { isSilent: true } });

export const SILENCE: readonly Fault[] = [
  robotFault('silence-one-robot', 'Telemetry drop-off', {
    holdsAfterSeconds: SILENT_SECONDS,
    choose: one,
    change: { isSilent: true },
  }),
  robotFault('silence-three-robots', 'Telemetry drop-off', {
    holdsAfterSeconds: SILENT_SECONDS,
    // In three zones, so that no group explains them.
    choose: (robots, random) => {
      const first = random.integer(0, 2);
      const chosen = [0, 3, 6].map((zone) =>
        random.pick(robots.filter((robot) => robot.zone === ZONES[zone + (zone === 6 ? first % 2 : first)]?.zone))
      );
      return { robots: chosen, names: chosen.map(({ robotId }) => robotId) };
    },
    change: { isSilent: true },
  }),
  groupSilence('silence-one-zone', (robots, random) => {
    const { zone } = random.pick(ZONES);
    const chosen = robots.filter((robot) => robot.zone === zone);
    return { robots: chosen, names: [`${chosen.length} of ${chosen.length} robots of zone ${zone}`] };
  }),
  groupSilence('silence-one-firmware', (robots, random) => {
    const { firmware } = random.pick(robots);
    return { robots: robots.filter((robot) => robot.firmware === firmware), names: [`firmware ${firmware}`] };
  }),
  groupSilence('silence-one-site', (robots, random) => {
    const { site } = random.pick(ZONES);
    return { robots: robots.filter((robot) => robot.site === site), names: [`site ${site}`] };
  }),
  groupSilence('silence-most-of-the-fleet', (robots) => {
    const chosen = robots.slice(0, Math.round(robots.length * 0.97));
    return { robots: chosen, names: [`${chosen.length} of ${robots.length} robots of the fleet`, '97 %'] };
  }),
  groupSilence('silence-the-fleet', (robots) => ({ robots, names: ['the fleet', '100 %'] })),
];

export const HELP: readonly Fault[] = [
  // Two whole minutes with less, of which the first begins up to a minute after the fault, and the roll-up 20 s after the last.
  robotFault('slow-robot', 'Telemetry slow', { holdsAfterSeconds: 200, choose: one, change: { everySeconds: 10 } }),
  robotFault('clock-behind', 'Robot needs help', {
    holdsAfterSeconds: 60,
    choose: one,
    change: { clockOffsetMs: -300_000 },
  }),
  robotFault('clock-ahead', 'Robot needs help', {
    holdsAfterSeconds: 5,
    choose: one,
    change: { clockOffsetMs: 300_000 },
  }),
  robotFault('low-battery', 'Robot needs help', { holdsAfterSeconds: 5, choose: one, change: { battery: 6 } }),
  robotFault('robot-in-error', 'Robot needs help', { holdsAfterSeconds: 180, choose: one, change: { state: 'error' } }),
  robotFault('invalid-events', 'Invalid events', {
    holdsAfterSeconds: 15,
    choose: (robots) => ({ robots: robots.filter((_, index) => index % 4 === 0), names: ['battery_out_of_range'] }),
    change: { sendsInvalid: true },
  }),
];

/** The end of the next minute: what is counted by whole minutes, and began before this one, counts it then. */
const endOfNextMinuteMs = (): number => (Math.floor(Date.now() / 60_000) + 2) * 60_000;

/** Faults that last for several minutes before their rule's condition holds. They begin in the past, so that one takes less than six minutes. */
export const LONG: readonly Fault[] = [
  {
    name: 'stuck-robot',
    expects: 'Robot needs help',
    holdsAfterSeconds: 120,
    inject: async ({ stack, fleet, random }) => {
      const { robots, names } = one(fleet.robots, random);
      for (const robot of robots) robot.isStuck = true;
      await stack.rewriteMinutes(names, 4, { distance_metres: 0 });
      const fix = healed(fleet);
      return { names: [...names, 'working but not moving'], holdsMs: endOfNextMinuteMs(), fix };
    },
  },
  {
    name: 'tasks-stop',
    expects: 'Tasks stopped',
    holdsAfterSeconds: 120,
    inject: async ({ stack, fleet, random }) => {
      const { site } = random.pick(ZONES);
      const robots = fleet.robots.filter((robot) => robot.site === site);
      for (const robot of robots) robot.endsTasks = false;
      const robotIds = robots.map(({ robotId }) => robotId);
      await stack.rewriteMinutes(robotIds, 8, { tasks_completed: 0 });
      return { names: [`Site ${site}`], holdsMs: endOfNextMinuteMs(), fix: healed(fleet) };
    },
  },
];
