import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { keepFolder, temporaryFolder } from '@floorwatch/servers/guard';
import { createRandom } from '@floorwatch/demo/fleet/random';
import { stopAllChildren } from '@floorwatch/servers/child';
import { openGroupLag } from '@floorwatch/servers/group-lag';
import { GROUP, startTestEnvironment, TOPIC, type TestEnvironment } from './test-environment.ts';
import { settleRollUps } from '../exact/settle-roll-ups.ts';
import { nameOf, planFaults, type Fault } from './faults.ts';
import { chaosReport, type ChaosReport } from './report.ts';
import { readMissing, readStored, readViewGaps, type Missing, type Stored } from './stored.ts';
import { Traffic } from './traffic.ts';
import { readExpected, type Expected } from './expected.ts';

export interface ChaosOptions {
  /** Messages to publish, without producer duplicates. While a fault waits for an insert, a few more follow. */
  events: number;
  /** Faults to inject while they are published. */
  kills: number;
  /** The same seed gives the same faults and the same events. */
  seed: number;
  say: (line: string) => void;
  /** Keeps the folder with the log files and the data of every process. A run that finds a fault of ours always keeps it. */
  keep?: boolean;
}

/** The share of a fault is published over this time, so that it hits inserts. */
const PUBLISH_MS = 3_000;
const PROBABILITIES = { duplicates: 0.05, malformed: 0.01 };
/** The wait for the last rows ends when nothing has changed for this long: the ingestor waits a minute for a response of Kafka. */
const IDLE_TIMEOUT_MS = 240_000;
const ROLL_UPS_TIMEOUT_MS = 300_000;

/**
 * Kills, stops and disconnects two ingestors, ClickHouse and the broker at random while the ingestors read a topic, and injects the
 * other faults. Then compares the rows in ClickHouse with the messages in the topic, and what the views wrote with the rows.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const dir = temporaryFolder('floorwatch-chaos');
  const startMs = performance.now();
  let isKept = true;
  try {
    const environment = await startTestEnvironment(dir, createRandom(options.seed + 2));
    const faults = await injectFaults(environment, options);
    const expected = await readExpected(environment.brokers, TOPIC);
    const found = await waitForRows(environment, expected);
    await settleRollUps(environment.owner, ROLL_UPS_TIMEOUT_MS);
    const gaps = await readViewGaps(environment.owner);
    for (const { view, missing, sample } of gaps) options.say(`${view}: ${missing} missing, such as ${sample}`);
    const viewsMissing = gaps.reduce((sum, { missing }) => sum + missing, 0);
    await environment.stop();
    const seconds = Math.round((performance.now() - startMs) / 1000);
    const run = { expected, ...found, viewsMissing, faults, kills: options.kills, seconds, seed: options.seed };
    const report = chaosReport(run);
    isKept = !report.ok || (options.keep ?? false);
    return report;
  } finally {
    await stopAllChildren();
    if (isKept) {
      keepFolder(dir);
      options.say(`logs and data: ${dir}`);
    } else rmSync(dir, { recursive: true, force: true });
  }
}

/** Injects one fault after another, each while a share of the events is published. Returns those that took effect. */
async function injectFaults(
  environment: TestEnvironment,
  { events, kills, seed, say }: ChaosOptions
): Promise<Fault[]> {
  const faults = planFaults(createRandom(seed), kills);
  const servers = { brokers: environment.brokers, topic: TOPIC };
  const traffic = new Traffic({ ...servers, random: createRandom(seed + 1), ...PROBABILITIES });
  // How many it publishes depends on the time, so it has random numbers of its own.
  const more = new Traffic({ ...servers, random: createRandom(seed + 3), duplicates: 0, malformed: 0 });
  const share = Math.ceil(events / kills);
  const effective: Fault[] = [];
  for (const [n, fault] of faults.entries()) {
    const injected = environment.inject(fault);
    const [hasEffect] = await Promise.all([
      injected,
      traffic.publish(Math.min(share, events - n * share), PUBLISH_MS).then(() => more.publishUntil(injected)),
    ]);
    if (hasEffect) effective.push(fault);
    say(`${n + 1}/${kills} ${nameOf(fault)}${hasEffect ? '' : ' had no effect'}`);
  }
  await Promise.all([traffic.close(), more.close()]);
  return effective;
}

/**
 * Waits until all rows are stored and the group has committed everything. An insert stores events before the views have them, and the
 * group commits after both.
 */
async function waitForRows(
  { owner, brokers }: TestEnvironment,
  expected: Expected
): Promise<{ stored: Stored; missing: Missing }> {
  const group = await openGroupLag(brokers, GROUP, TOPIC);
  let seen = '';
  for (let changedMs = performance.now(); performance.now() - changedMs < IDLE_TIMEOUT_MS;) {
    const missing = await readMissing(owner, expected);
    const lag = await group.read();
    if (missing.events === 0 && missing.deadLetters === 0 && lag === 0) break;
    await sleep(1_000);
    const now = JSON.stringify([await readStored(owner), lag]);
    if (now !== seen) changedMs = performance.now();
    seen = now;
  }
  await group.close();
  // Wait for late duplicates: an insert that is still in flight would appear now.
  await sleep(3_000);
  return { stored: await readStored(owner), missing: await readMissing(owner, expected) };
}
