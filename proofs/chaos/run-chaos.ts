import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '@floorwatch/demo/fleet/random';
import { stopAllChildren } from '@floorwatch/servers/child';
import { openArena, TOPIC, type Arena } from './arena.ts';
import { nextFault, type Fault } from './faults.ts';
import { chaosReport, type ChaosReport, type Stored } from './report.ts';
import { Traffic } from './traffic.ts';
import { readTruth, type Truth } from './truth.ts';

export interface ChaosOptions {
  /** Messages published, producer duplicates not counted. */
  events: number;
  /** Faults inflicted while they are. */
  kills: number;
  /** The same seed inflicts the same faults on the same events. */
  seed: number;
  say: (line: string) => void;
  /** Keeps the folder with the logs of every process. */
  keep?: boolean;
}

const PROBABILITIES = { duplicates: 0.05, malformed: 0.01 };
/** The wait for the last rows ends when nothing more has arrived for this long. */
const PATIENCE_MS = 60_000;

/**
 * Two ingestors read a topic while they, ClickHouse and the broker are killed, stopped and cut off at random;
 * then what ClickHouse holds is compared with what the topic holds.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const dir = mkdtempSync(join(tmpdir(), 'floorwatch-chaos-'));
  const startMs = performance.now();
  try {
    const arena = await openArena(dir);
    const faults = await inflictAll(arena, options);
    const truth = await readTruth(arena.brokers, TOPIC);
    const stored = await waitForRows(arena, truth);
    await arena.stop();
    const seconds = Math.round((performance.now() - startMs) / 1000);
    return chaosReport({ truth, stored, faults, seconds, seed: options.seed });
  } finally {
    await stopAllChildren();
    if (options.keep) options.say(`logs: ${dir}`);
    else rmSync(dir, { recursive: true, force: true });
  }
}

/** One fault after another, each while its share of the events is being published. */
async function inflictAll(arena: Arena, { events, kills, seed, say }: ChaosOptions): Promise<Fault[]> {
  const random = createRandom(seed);
  const traffic = new Traffic({
    brokers: arena.brokers,
    topic: TOPIC,
    random: createRandom(seed + 1),
    ...PROBABILITIES,
  });
  const share = Math.ceil(events / kills);
  const faults: Fault[] = [];
  for (let n = 0; n < kills; n++) {
    const fault = nextFault(random, n);
    faults.push(fault);
    await Promise.all([traffic.publish(Math.min(share, events - n * share)), arena.inflict(fault)]);
    say(`${n + 1}/${kills} ${fault.kind} ${fault.target}`);
  }
  await traffic.close();
  return faults;
}

async function waitForRows(arena: Arena, truth: Truth): Promise<Stored> {
  let stored = await arena.stored();
  for (let changedMs = performance.now(); performance.now() - changedMs < PATIENCE_MS;) {
    if (stored.distinct >= truth.validEvents && stored.distinctDeadLetters >= truth.malformed) break;
    await sleep(1_000);
    const now = await arena.stored();
    if (JSON.stringify(now) !== JSON.stringify(stored)) changedMs = performance.now();
    stored = now;
  }
  // A repeated insert would show itself now: every offset is below the committed one, and nothing is in flight after this.
  await sleep(3_000);
  return arena.stored();
}
