import { createRandom, type Random } from '@floorwatch/demo/fleet/random';
import { readRecording } from '@floorwatch/demo/fleet/recording';

/** The fields of an event that the benchmark reads. It passes on the other fields unchanged. */
export interface ReportedEvent {
  robot_id: string;
  /** ISO 8601. */
  ts: string;
  [field: string]: unknown;
}

const ROBOTS = 2_500;
const SECONDS = 360;
const START_MS = Date.UTC(2026, 0, 17, 12);
const HALL = { widthMetres: 500, heightMetres: 140 };
const SEED = 7;

/** Probabilities per second. */
const TURN = 0.17;
const STAND = 0.3;
const NEXT_TASK = 0.003;
/** Time in which a robot uses 1 % of its battery. */
const SECONDS_PER_PERCENT = 60;

interface Driver {
  xMillimetres: number;
  yMillimetres: number;
  /** Quarter turns counter-clockwise from +x. */
  quarter: number;
  headingRadians: number;
  task: number;
}

/**
 * A fleet that drives along aisles at 1 m/s and reports once per second: 900,000 events with the fields of a recorded fleet.
 * Every run returns the same events, so that sizes on disk are comparable.
 */
export function* generatedFleet(): Generator<ReportedEvent[], void> {
  const random = createRandom(SEED);
  const drivers = Array.from({ length: ROBOTS }, (): Driver => ({
    xMillimetres: random.integer(0, HALL.widthMetres - 1) * 1_000 + 500,
    yMillimetres: random.integer(0, HALL.heightMetres - 1) * 1_000 + 500,
    quarter: random.integer(0, 3),
    headingRadians: 0,
    task: random.integer(1, 4_000),
  }));
  for (let second = 0; second < SECONDS; second++) {
    yield drivers.map((driver, robot) => {
      drive(driver, random);
      return eventOf(driver, robot, second, random);
    });
  }
}

/** @param file JSONL or JSONL.gz, one event per line */
export async function* recordedFleet(file: string): AsyncGenerator<ReportedEvent[], void> {
  for await (const lines of readRecording(file)) {
    yield lines.map(({ bytes }) => JSON.parse(bytes.toString('utf8')) as ReportedEvent);
  }
}

function drive(driver: Driver, random: Random): void {
  if (random.chance(NEXT_TASK)) driver.task = random.integer(1, 4_000);
  if (random.chance(STAND)) return;
  if (random.chance(TURN)) turn(driver, random.chance(0.5) ? 1 : 3, random);
  // No robot drives exactly one metre in exactly one second.
  const millimetres = random.integer(998, 1_001);
  const x = driver.xMillimetres + millimetres * ([1, 0, -1, 0][driver.quarter] ?? 0);
  const y = driver.yMillimetres + millimetres * ([0, 1, 0, -1][driver.quarter] ?? 0);
  const isInside = x > 0 && x < HALL.widthMetres * 1_000 && y > 0 && y < HALL.heightMetres * 1_000;
  if (isInside) Object.assign(driver, { xMillimetres: x, yMillimetres: y });
  else turn(driver, 2, random);
}

function turn(driver: Driver, quarters: number, random: Random): void {
  driver.quarter = (driver.quarter + quarters) % 4;
  driver.headingRadians = Number(((driver.quarter * Math.PI) / 2 + random.between(-0.002, 0.002)).toFixed(4));
}

function eventOf(driver: Driver, robot: number, second: number, random: Random): ReportedEvent {
  return {
    event_id: uuid(random),
    robot_id: `robot-${String(robot).padStart(5, '0')}`,
    // Each robot at a different time within the second.
    ts: new Date(START_MS + second * 1_000 + ((robot * 2) % 1_000)).toISOString(),
    event_type: 'POSITION_UPDATE',
    task_id: `task-${driver.task}`,
    x: driver.xMillimetres / 1_000,
    y: driver.yMillimetres / 1_000,
    battery: 100 - (robot % 60) - Math.floor(second / SECONDS_PER_PERCENT),
    error_code: null,
    meta: { firmware: 'v2.4.1', heading: driver.headingRadians },
  };
}

/** A random UUID (version 4), which does not compress. */
function uuid(random: Random): string {
  const hex = Array.from({ length: 4 }, () => random.integer(0, 0xffff_ffff).toString(16).padStart(8, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
