import { setTimeout as sleep } from 'node:timers/promises';
import { FLOOD, NO_OWNER, PATH_A, STOLEN_PARTITIONS } from './consumer-faults.ts';
import type { Fault, Target } from './fault.ts';
import { HELP, LONG, SILENCE } from './robot-faults.ts';
import type { Part } from './stack.ts';
import { PLANNED, WITHOUT_PROMETHEUS } from './stop-faults.ts';

const RESTART_MS = 30_000;
const PARTS = ['clickhouse', 'ingestor', 'kafka', 'prometheus'] as const satisfies readonly Part[];
const DOWN_RULES: Readonly<Record<(typeof PARTS)[number], string>> = {
  clickhouse: 'ClickHouse unreachable',
  ingestor: 'Ingestor down',
  kafka: 'Kafka unreachable',
  prometheus: 'Prometheus unreachable',
};

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
  ...LONG,
  ...STORAGE,
  PATH_A,
  STOLEN_PARTITIONS,
  NO_OWNER,
  FLOOD,
  ...OUTAGES,
  WITHOUT_PROMETHEUS,
  ...RESTARTS,
  ...PLANNED,
  HEALTH,
];
