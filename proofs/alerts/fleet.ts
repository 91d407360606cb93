import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom, type Random } from '@floorwatch/demo/fleet/random';
import { Kafka, logLevel, type Producer } from 'kafkajs';

export interface Zone {
  site: string;
  map: string;
  zone: string;
}

/** Two sites, three floors. Each zone is 10 m wide. */
export const ZONES: readonly Zone[] = [
  ...['Storage A', 'Storage B', 'Packing'].map((zone) => ({ site: 'berlin', map: 'berlin-hall', zone })),
  ...['Upper A', 'Upper B'].map((zone) => ({ site: 'berlin', map: 'berlin-upper', zone })),
  ...['Goods in', 'Goods out', 'Cold store'].map((zone) => ({ site: 'lyon', map: 'lyon-hall', zone })),
];
const FIRMWARES = ['v2.4.0', 'v2.4.1', 'v2.5.0', 'v2.6.0-rc1'] as const;
const ZONE_SPACING_METRES = 20;
const TICK_MS = 1_000;
/** Each robot ends a task so often. */
const TASK_TICKS = 60;
/** A tick that Kafka does not accept in this time is lost, as on a robot without memory. */
const SEND_TIMEOUT_MS = 3_000;

export interface FleetRobot extends Zone {
  robotId: string;
  firmware: string;
  /** What a fault changes. */
  isSilent: boolean;
  /** Sends only every n-th second. */
  everySeconds: number;
  clockOffsetMs: number;
  state: string;
  battery: number;
  sendsInvalid: boolean;
  /** Works, but stays where it is. */
  isStuck: boolean;
  endsTasks: boolean;
  /** Position events per report. */
  copies: number;
}

/** The left edge of a zone on its map, metres. */
export function zoneLeft({ map, zone }: Zone): number {
  return ZONES.filter((each) => each.map === map).findIndex((each) => each.zone === zone) * ZONE_SPACING_METRES;
}

/** The zone of the robot with this index. Every site has some robots. */
export function zoneOf(index: number): Zone {
  const zone = ZONES[index % ZONES.length];
  if (zone === undefined) throw new RangeError(`A robot has no index ${index}.`);
  return zone;
}

/** Robots that each report once per second, whose faults a proof switches on and off. */
export class AlertFleet {
  readonly robots: readonly FleetRobot[];
  readonly #producer: Producer;
  readonly #topic: string;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #tick = 0;

  constructor(options: { brokers: string; topic: string; robots: number; seed: number }) {
    const random = createRandom(options.seed);
    this.robots = Array.from({ length: options.robots }, (_, index) => healthyRobot(index, random));
    this.#topic = options.topic;
    const retry = { retries: 0, initialRetryTime: 200 };
    const kafka = new Kafka({
      brokers: [options.brokers],
      logLevel: logLevel.NOTHING,
      connectionTimeout: 2_000,
      retry,
    });
    this.#producer = kafka.producer({ allowAutoTopicCreation: false });
  }

  async start(): Promise<void> {
    await this.#producer.connect();
    this.#running = this.#report();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#producer.disconnect();
  }

  /** Makes every robot healthy again. */
  heal(): void {
    for (const robot of this.robots) Object.assign(robot, HEALTHY);
  }

  async #report(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const startMs = performance.now();
      const messages = this.robots
        .filter((robot) => isDue(robot, this.#tick))
        .flatMap((robot, index) => messagesOf(robot, this.#tick, index));
      this.#tick++;
      const lost = (): undefined => undefined;
      const sent = this.#producer
        .send({ topic: this.#topic, messages, timeout: SEND_TIMEOUT_MS })
        .then(lost, async () => {
          // kafkajs does not connect again by itself after its only broker was away.
          await this.#producer.connect().catch(lost);
        });
      await Promise.race([sent, sleep(SEND_TIMEOUT_MS, undefined, { signal }).catch(lost)]);
      await sleep(Math.max(0, TICK_MS - (performance.now() - startMs)), undefined, { signal }).catch(lost);
    }
  }
}

const HEALTHY = {
  isSilent: false,
  everySeconds: 1,
  clockOffsetMs: 0,
  state: 'working',
  battery: 80,
  sendsInvalid: false,
  isStuck: false,
  endsTasks: true,
  copies: 1,
} satisfies Partial<FleetRobot>;

function healthyRobot(index: number, random: Random): FleetRobot {
  return {
    ...HEALTHY,
    ...zoneOf(index),
    robotId: `amr-${String(index + 1).padStart(3, '0')}`,
    firmware: random.pick(FIRMWARES),
  };
}

function isDue({ isSilent, everySeconds }: FleetRobot, tick: number): boolean {
  return !isSilent && tick % everySeconds === 0;
}

function messagesOf(robot: FleetRobot, tick: number, index: number): { key: string; value: string }[] {
  const angle = robot.isStuck ? 0 : tick / 5;
  const event = {
    robot_id: robot.robotId,
    ts: new Date(Date.now() + robot.clockOffsetMs).toISOString(),
    event_type: 'POSITION_UPDATE',
    // In a circle, so that it moves and stays in its zone.
    x: Number((zoneLeft(robot) + 5 + 2 * Math.cos(angle)).toFixed(3)),
    y: Number((5 + 2 * Math.sin(angle)).toFixed(3)),
    map_id: robot.map,
    site_id: robot.site,
    battery: robot.battery,
    state: robot.state,
    meta: { firmware: robot.firmware },
  };
  const endsTask = robot.endsTasks && (tick + index) % TASK_TICKS === 0;
  const events = [
    ...Array<typeof event>(robot.copies).fill(event),
    ...(robot.sendsInvalid ? [{ ...event, battery: 300 }] : []),
    ...(endsTask ? [{ ...event, event_type: 'TASK_COMPLETED', task_id: `${robot.robotId}-${tick}` }] : []),
  ];
  return events.map((each) => ({
    key: robot.robotId,
    value: JSON.stringify({ event_id: crypto.randomUUID(), ...each }),
  }));
}
