import { createRandom } from '@floorwatch/demo/fleet/random';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WEEK_MS = 7 * 24 * HOUR_MS;
/** Each robot reports twice a minute. */
const REPORT_MS = 30_000;

/** An event as `telemetry_raw` stores it. It arrives when it happens. */
export interface FixtureEvent {
  robot_id: string;
  tsMs: number;
  event_type: string;
  state: string | null;
  task_id: string | null;
  error_code: string | null;
  battery: number | null;
  map_id: string | null;
  x: number | null;
  y: number | null;
}

export interface FixtureZone {
  zone_id: string;
  name: string;
  /** Sides of the square in metres. */
  from: number;
  to: number;
}

/** A fleet, one hour of its events and the same hour of the week before. docs/reference/kpis.md derives its figures. */
export interface Fixture {
  range: { fromMs: number; toMs: number };
  events: FixtureEvent[];
  /** Robots that are registered; some of them never report. */
  registered: string[];
  zones: FixtureZone[];
}

export const MAP = 'hall';
export const ZONES: FixtureZone[] = [
  { zone_id: 'dock', name: 'Dock', from: 0, to: 10 },
  { zone_id: 'corner', name: 'Corner', from: 8, to: 10 },
];

interface RobotHour {
  id: string;
  state: string;
  battery: number | null;
  /** Null: the robot never says where it is. */
  at: [x: number, y: number] | null;
  /** Minutes after the start of the hour; the last event is 30 s before. */
  untilMinute?: number;
  /** Seconds that its tasks take, one after another from the start of the hour; the last one fails if it has a code. */
  tasks?: number[];
  failsWith?: string;
}

/** The fixture of the documentation, with round figures. */
export function documentedFixture(endMs: number): Fixture {
  const calm = { battery: 80, at: [2, 2] as [number, number] };
  const week: RobotHour[] = [
    { ...calm, id: 'k-01', state: 'working', tasks: [100, 100, 100] },
    { ...calm, id: 'k-02', state: 'working' },
    { ...calm, id: 'k-03', state: 'charging' },
  ];
  const hour: RobotHour[] = [
    { ...calm, id: 'k-01', state: 'working', tasks: [30, 60, 90, 120, 150] },
    { ...calm, id: 'k-02', state: 'working', at: [9, 9], tasks: [180, 210, 240, 270] },
    { ...calm, id: 'k-03', state: 'working', at: [50, 50], tasks: [300], failsWith: 'E-GRIP' },
    { ...calm, id: 'k-04', state: 'idle', battery: 15 },
    { ...calm, id: 'k-05', state: 'charging', battery: 10 },
    { ...calm, id: 'k-06', state: 'blocked' },
    { ...calm, id: 'k-07', state: 'error' },
    { ...calm, id: 'k-08', state: 'working', untilMinute: 50 },
    { ...calm, id: 'k-09', state: 'offline' },
    { id: 'k-10', state: 'manual', battery: null, at: null },
  ];
  return fixtureOf({ hour, week, endMs, registered: ['k-01', 'k-11', 'k-12'] });
}

const STATES = ['working', 'working', 'idle', 'charging', 'blocked', 'error', 'manual', 'maintenance', 'offline'];

/** Another fleet by chance. The same seed gives the same fleet. */
export function randomFixture(seed: number, endMs: number): Fixture {
  const random = createRandom(seed);
  const robotHour = (k: number): RobotHour => ({
    id: `k-${String(k).padStart(2, '0')}`,
    state: random.pick(STATES),
    battery: random.chance(0.1) ? null : random.integer(0, 100),
    at: random.chance(0.1) ? null : [random.integer(0, 19) + 0.5, random.integer(0, 19) + 0.5],
    untilMinute: random.chance(0.2) ? random.integer(5, 55) : 60,
    tasks: Array.from({ length: random.integer(0, 8) }, () => random.integer(5, 300)),
    ...(random.chance(0.3) ? { failsWith: random.pick(['E-GRIP', 'E-LOST', 'E-DOOR']) } : {}),
  });
  const fleet = (robots: number): RobotHour[] => Array.from({ length: robots }, (_, k) => robotHour(k));
  const hour = fleet(random.integer(20, 40));
  return fixtureOf({ hour, week: fleet(15), endMs, registered: ['k-00', 'never-1'] });
}

function fixtureOf(given: { hour: RobotHour[]; week: RobotHour[]; endMs: number; registered: string[] }): Fixture {
  const { hour, week, endMs, registered } = given;
  const fromMs = endMs - HOUR_MS;
  return {
    range: { fromMs, toMs: endMs },
    events: [
      ...hour.flatMap((robot) => eventsOf(robot, fromMs)),
      ...week.flatMap((robot) => eventsOf(robot, fromMs - WEEK_MS)),
    ].sort((a, b) => a.tsMs - b.tsMs),
    registered,
    zones: ZONES,
  };
}

function eventsOf(
  { id, state, battery, at, untilMinute = 60, tasks = [], failsWith }: RobotHour,
  fromMs: number
): FixtureEvent[] {
  const untilMs = fromMs + untilMinute * MINUTE_MS;
  const [x, y] = at ?? [null, null];
  const report = { robot_id: id, state, battery, x, y, map_id: at ? MAP : null, task_id: null, error_code: null };
  const events: FixtureEvent[] = [];
  for (let tsMs = fromMs; tsMs < untilMs; tsMs += REPORT_MS) {
    events.push({ ...report, tsMs, event_type: 'POSITION_UPDATE' });
  }
  let startMs = fromMs;
  for (const [k, seconds] of tasks.entries()) {
    const endMs = startMs + seconds * 1_000;
    // A task that would end after the last report would bring the robot back.
    if (endMs >= untilMs - REPORT_MS) break;
    const isFailure = failsWith !== undefined && k === tasks.length - 1;
    const task = { ...report, task_id: `${id}-${startMs}-${k}` };
    // A millisecond off the reports, so that no two events of a robot are at the same time.
    events.push({ ...task, tsMs: startMs + 1, event_type: 'TASK_STARTED' });
    events.push({
      ...task,
      tsMs: endMs + 1,
      event_type: isFailure ? 'TASK_FAILED' : 'TASK_COMPLETED',
      error_code: isFailure ? failsWith : null,
    });
    startMs = endMs + 1_000;
  }
  return events;
}
