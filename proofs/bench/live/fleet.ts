import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { PARTITIONS, TOPIC } from '../bench-servers.ts';

/** Metres. Other robots drive in the lower part, so that nothing else is painted where a marker can be. */
export const HALL = { width: 240, height: 120, drivenTo: 60 } as const;
export const FLOOR = 'hall';
export const MARKERS = 6;

/** A robot jumps this far at once: the map shows no glide over a way that no robot drives in 10 s. */
const PLACES_X = [20, 120, 220] as const;
const SEND_EVERY_MS = 50;
const SENDS_PER_SECOND = 1_000 / SEND_EVERY_MS;

export interface Place {
  xMetres: number;
  yMetres: number;
}

interface Driver extends Place {
  headingRadians: number;
}

/** Robots that report once per second, and markers that jump when they are told to. */
export class BenchFleet {
  readonly #producer: Producer;
  readonly #drivers: Driver[];
  readonly #places = new Array<number>(MARKERS).fill(0);
  readonly #done = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(brokers: string, robots: number) {
    this.#producer = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).producer();
    this.#drivers = Array.from({ length: Math.max(0, robots - MARKERS) }, (_, n) => ({
      xMetres: (n * 7.3) % HALL.width,
      yMetres: (n * 3.1) % HALL.drivenTo,
      headingRadians: (n % 4) * (Math.PI / 2),
    }));
  }

  async start(): Promise<void> {
    await this.#producer.connect();
    this.#running = this.#report();
  }

  async stop(): Promise<void> {
    this.#done.abort();
    await this.#running;
    await this.#producer.disconnect();
  }

  /** @returns where the marker is from now on, and when the message with that place was given to Kafka */
  async jump(marker: number): Promise<Place & { sentMs: number }> {
    this.#places[marker] = ((this.#places[marker] ?? 0) + 1) % PLACES_X.length;
    const sentMs = Date.now();
    await this.#producer.send({ topic: TOPIC, messages: [this.#markerMessage(marker)], acks: 1 });
    return { ...this.#placeOf(marker), sentMs };
  }

  async #report(): Promise<void> {
    const startMs = Date.now();
    const robots = MARKERS + this.#drivers.length;
    for (let n = 0; !this.#done.signal.aborted; n++) {
      await sleep(Math.max(0, startMs + n * SEND_EVERY_MS - Date.now()));
      const share = n % SENDS_PER_SECOND;
      const messages = [];
      for (let robot = share; robot < robots; robot += SENDS_PER_SECOND) {
        messages.push(robot < MARKERS ? this.#markerMessage(robot) : this.#driverMessage(robot - MARKERS));
      }
      if (messages.length > 0) await this.#producer.send({ topic: TOPIC, messages, acks: 1 });
    }
  }

  #driverMessage(n: number) {
    const driver = this.#drivers[n];
    if (!driver) throw new Error(`There is no robot ${n}.`);
    driver.xMetres += Math.cos(driver.headingRadians);
    driver.yMetres += Math.sin(driver.headingRadians);
    const isInside =
      driver.xMetres > 0 && driver.xMetres < HALL.width && driver.yMetres > 0 && driver.yMetres < HALL.drivenTo;
    if (!isInside) driver.headingRadians += Math.PI;
    return message(`robot-${String(n).padStart(5, '0')}`, driver, n, { state: 'working', speed: 1 });
  }

  #markerMessage(marker: number) {
    const driver = { ...this.#placeOf(marker), headingRadians: 0 };
    return message(`marker-${marker}`, driver, marker, { state: 'idle', speed: 0 });
  }

  #placeOf(marker: number): Place {
    const between = (HALL.height - HALL.drivenTo) / (MARKERS + 1);
    return { xMetres: PLACES_X[this.#places[marker] ?? 0] ?? 0, yMetres: HALL.drivenTo + between * (marker + 1) };
  }
}

function message(robotId: string, { xMetres, yMetres, headingRadians }: Driver, n: number, more: object) {
  const event = {
    event_id: crypto.randomUUID(),
    robot_id: robotId,
    ts: Date.now(),
    event_type: 'POSITION_UPDATE',
    ...{ x: xMetres, y: yMetres, theta: Math.atan2(Math.sin(headingRadians), Math.cos(headingRadians)) },
    ...{ map_id: FLOOR, battery: 50 + (n % 50), meta: { firmware: '2.4.1' }, ...more },
  };
  return { partition: n % PARTITIONS, key: robotId, value: JSON.stringify(event) };
}
