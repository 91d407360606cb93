import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '@floorwatch/demo/fleet/random';
import { Kafka, logLevel } from 'kafkajs';
import { ZONES, type AlertFleet, type FleetRobot } from './fleet.ts';
import { TOPIC, type AlertStack, type Part } from './stack.ts';

/** What a fault works on. */
export interface Target {
  stack: AlertStack;
  fleet: AlertFleet;
  random: Random;
}

/** A fault that is switched on. */
export interface Injected {
  /** Texts that the notification must contain. */
  names: readonly string[];
  fix: () => Promise<void>;
}

export interface Fault {
  name: string;
  /** Title of the rule that must page. Null: nobody must be paged. */
  expects: string | null;
  /** From the fault until the rule's condition holds. */
  holdsAfterSeconds: number;
  inject: (target: Target) => Promise<Injected> | Injected;
}

/** A robot is silent after this time. */
const SILENT_SECONDS = 60;
const RESTART_MS = 30_000;
const INGESTOR_GROUP = 'floorwatch-ingestor';
const PARTS = ['clickhouse', 'ingestor', 'kafka', 'prometheus'] as const satisfies readonly Part[];
const DOWN_RULES: Readonly<Record<(typeof PARTS)[number], string>> = {
  clickhouse: 'ClickHouse unreachable',
  ingestor: 'Ingestor down',
  kafka: 'Kafka unreachable',
  prometheus: 'Prometheus unreachable',
};

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
      const fix = (): Promise<void> => {
        fleet.heal();
        return Promise.resolve();
      };
      return { names, fix };
    },
  };
}

const one = (robots: readonly FleetRobot[], random: Random) => {
  const robot = random.pick(robots);
  return { robots: [robot], names: [robot.robotId] };
};

const groupSilence = (
  name: string,
  choose: (robots: readonly FleetRobot[], random: Random) => { robots: readonly FleetRobot[]; names: readonly string[] }
) =>
  robotFault(name, 'Group of robots silent', { holdsAfterSeconds: SILENT_SECONDS, choose, change: { isSilent: true } });

const SILENCE: readonly Fault[] = [
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

const HELP: readonly Fault[] = [
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

/** @param sql switches the fault on and off */
function sqlFault(
  name: string,
  expects: string,
  names: readonly string[],
  [on, off]: readonly [string, string]
): Fault {
  return {
    name,
    expects,
    holdsAfterSeconds: 5,
    inject: async ({ stack }) => {
      await stack.owner.command({ query: on });
      return {
        names,
        fix: async () => {
          await stack.owner.command({ query: off });
        },
      };
    },
  };
}

/** @throws Error when the file no longer has the writer's right to insert events */
function withoutInsertOfEvents(usersFile: string): string {
  const [grant] = /^ *<query>GRANT INSERT, SELECT\(.*\) ON warehouse\.telemetry_raw<\/query>\n/m.exec(usersFile) ?? [];
  if (grant === undefined)
    throw new Error('sql/server/users.d/floorwatch.xml has no grant to insert into telemetry_raw');
  return usersFile.replace(grant, '');
}

const STORAGE: readonly Fault[] = [
  sqlFault(
    'refuse-inserts',
    'Insert failures',
    ['TOO_MANY_PARTS'],
    [
      'ALTER TABLE warehouse.telemetry_raw MODIFY SETTING parts_to_delay_insert = 1, parts_to_throw_insert = 1',
      'ALTER TABLE warehouse.telemetry_raw RESET SETTING parts_to_delay_insert, parts_to_throw_insert',
    ]
  ),
  sqlFault(
    'read-only',
    'Insert failures',
    ['TABLE_IS_PERMANENTLY_READ_ONLY'],
    [
      'ALTER TABLE warehouse.telemetry_raw MODIFY SETTING table_readonly = 1',
      'ALTER TABLE warehouse.telemetry_raw RESET SETTING table_readonly',
    ]
  ),
  // ClickHouse counts the disk as full: it wants more free bytes than any disk has.
  sqlFault(
    'full-disk',
    'Insert failures',
    ['NOT_ENOUGH_SPACE'],
    [
      'ALTER TABLE warehouse.telemetry_raw MODIFY SETTING min_free_disk_bytes_to_perform_insert = 1000000000000000',
      'ALTER TABLE warehouse.telemetry_raw RESET SETTING min_free_disk_bytes_to_perform_insert',
    ]
  ),
  {
    name: 'remove-writer-grant',
    expects: 'Insert failures',
    holdsAfterSeconds: 10,
    inject: async ({ stack }) => {
      const fix = await stack.editUsers(withoutInsertOfEvents);
      return { names: ['ACCESS_DENIED'], fix };
    },
  },
  sqlFault(
    'break-a-roll-up',
    'Storage needs attention',
    ['telemetry_hour_mv'],
    ['SYSTEM STOP VIEW warehouse.telemetry_hour_mv', 'SYSTEM START VIEW warehouse.telemetry_hour_mv']
  ),
];

/** A program of somebody else in our consumer group: it gets partitions and never commits what it reads. */
const STOLEN_PARTITIONS: Fault = {
  name: 'stop-commits',
  expects: 'Consumer lag',
  // 60 s of lag, after the group has given it partitions.
  holdsAfterSeconds: 70,
  inject: async ({ stack }) => {
    const kafka = new Kafka({ brokers: [stack.brokers], logLevel: logLevel.NOTHING });
    const consumer = kafka.consumer({ groupId: INGESTOR_GROUP });
    await consumer.connect();
    await consumer.subscribe({ topic: TOPIC });
    await consumer.run({ autoCommit: false, eachBatch: () => Promise.resolve() });
    return { names: [INGESTOR_GROUP, TOPIC], fix: () => consumer.disconnect() };
  },
};

const OUTAGES: readonly Fault[] = PARTS.flatMap((part) => [
  {
    name: `stop-${part}`,
    expects: DOWN_RULES[part],
    holdsAfterSeconds: 0,
    inject: async ({ stack }: Target) => {
      await stack.kill(part);
      return { names: [], fix: () => stack.start(part) };
    },
  },
  {
    name: `freeze-${part}`,
    expects: DOWN_RULES[part],
    holdsAfterSeconds: 0,
    inject: ({ stack }: Target) => {
      stack.process(part).kill('SIGSTOP');
      const fix = (): Promise<void> => {
        stack.process(part).kill('SIGCONT');
        return Promise.resolve();
      };
      return { names: [], fix };
    },
  },
]);

const RESTARTS: readonly Fault[] = [...PARTS, 'grafana' as const].map((part) => ({
  name: `restart-${part}`,
  expects: null,
  holdsAfterSeconds: 0,
  inject: async ({ stack }: Target) => {
    await stack.kill(part);
    await sleep(RESTART_MS);
    await stack.start(part);
    return { names: [], fix: () => Promise.resolve() };
  },
}));

/** Nothing is broken, and nobody must be paged. */
export const HEALTH: Fault = {
  name: 'health',
  expects: null,
  holdsAfterSeconds: 0,
  inject: () => ({ names: [], fix: () => Promise.resolve() }),
};

export const FAULTS: readonly Fault[] = [
  ...SILENCE,
  ...HELP,
  ...STORAGE,
  STOLEN_PARTITIONS,
  ...OUTAGES,
  ...RESTARTS,
  HEALTH,
];
