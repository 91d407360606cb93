import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkRecording } from '@floorwatch/demo/fleet/recording';
import { publishRecording } from '@floorwatch/demo/fleet/publish-recording';
import { simulateFleet } from '@floorwatch/demo/fleet/simulate';
import type { ProducedCounts } from '@floorwatch/demo/fleet/tally';
import { createContext, type StackContext } from '@floorwatch/demo/stack/context';
import { resolvePasswords } from '@floorwatch/demo/stack/passwords';
import { onFreePorts, type StackSettings } from '@floorwatch/demo/stack/settings';
import { startStack } from '@floorwatch/demo/stack/start-stack';
import { stopAllChildren } from '@floorwatch/servers/child';
import { findLeftovers } from '@floorwatch/servers/leftovers';
import { ComponentUnavailableError } from '@floorwatch/servers/errors';
import { isComplete, smokeReport, type SmokeReport } from './report.ts';
import { connectWarehouse, type Arrivals, type Warehouse } from './warehouse.ts';

export interface SmokeOptions {
  settings: StackSettings;
  /** Identifies the processes of this run, see leftovers.ts. */
  runId: string;
  /** A recording. Default: a simulated fleet. */
  file?: string | undefined;
  robots: number;
  /** Simulated time. */
  durationSeconds: number;
  speed: number;
  signal: AbortSignal;
  say: (line: string) => void;
}

const FAULTS = { duplicates: 0.05, late: 0.02, malformed: 0.01 };
/** The wait ends when nothing has arrived for this long. */
const IDLE_TIMEOUT_MS = 45_000;
const ARRIVALS_EVERY_MS = 1_000;
const FIRST_ROBOT_EVERY_MS = 50;

/**
 * Starts the whole stack on free ports in a temporary folder, with both ingestion paths on. Sends a fleet through it,
 * waits until everything has arrived, stops it and looks for remaining processes.
 * @throws ComponentUnavailableError when the ingestor, or a component that it needs, cannot start
 * @throws InputError when the recording cannot be read
 */
export async function runSmoke(options: SmokeOptions): Promise<SmokeReport> {
  if (options.file !== undefined) await checkRecording(options.file);
  // Not temporaryFolder: its reaper would be a process that is left over.
  const dir = mkdtempSync(join(tmpdir(), 'floorwatch-smoke-'));
  const settings = await onFreePorts({ ...options.settings, ingestPath: 'both', external: {} });
  const context = createContext(settings, resolvePasswords({}, join(dir, 'passwords.env')), dir);
  const { supervisor, started } = startStack(context, {
    say: options.say,
    fleet: false,
    watch: false,
    plugin: 'as-built',
  });
  try {
    await started;
    const parts = supervisor.statuses();
    const idle = parts.find(({ name, state }) => name === 'Ingestor' && state === 'not started');
    if (idle) throw new ComponentUnavailableError('Smoke', 'the ingestor is not running', 'The lines above say why.');

    const facts = await sendFleet(context, options);
    options.say('Stopping ...');
    await supervisor.stop();
    return smokeReport({ ...facts, parts, leftovers: await findLeftovers(options.runId, dir) });
  } finally {
    // Also after a failure: components in this process, such as the pager, would keep it alive.
    await supervisor.stop();
    await stopAllChildren();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function sendFleet(context: StackContext, options: SmokeOptions) {
  const warehouse = connectWarehouse(context.clickHouseUrl, context.passwords.CLICKHOUSE_OWNER_PASSWORD);
  try {
    await warehouse.stopMerges();
    const startMs = performance.now();
    const secondsSoFar = (): number => Number(((performance.now() - startMs) / 1000).toFixed(2));
    const done = new AbortController();
    const firstRobot = firstRobotSeconds(warehouse, secondsSoFar, done.signal);
    try {
      const produced = await publishFleet(context, options);
      options.say(`Published ${produced.messages} messages of ${produced.robots} robots in ${secondsSoFar()} s`);
      const arrived = await waitForArrivals(warehouse, produced, options);
      const completeSeconds = isComplete(produced, arrived) ? secondsSoFar() : null;
      done.abort();
      return { produced, arrived, completeSeconds, firstRobotSeconds: await firstRobot };
    } finally {
      done.abort();
      await firstRobot.catch(() => null); // An error of the fleet is more useful than this one.
    }
  } finally {
    await warehouse.close();
  }
}

function publishFleet({ kafkaBrokers, settings }: StackContext, options: SmokeOptions): Promise<ProducedCounts> {
  const { file, robots, durationSeconds, speed, signal } = options;
  const target = { brokers: kafkaBrokers, topic: settings.topic, speed, signal };
  if (file !== undefined) return publishRecording({ ...target, file });
  return simulateFleet({ ...target, robots, durationSeconds, faults: FAULTS });
}

async function firstRobotSeconds(
  warehouse: Warehouse,
  seconds: () => number,
  done: AbortSignal
): Promise<number | null> {
  while (!done.aborted) {
    if ((await warehouse.robotsVisible()) > 0) return seconds();
    await sleep(FIRST_ROBOT_EVERY_MS);
  }
  return null;
}

/** Settles when everything has arrived, or nothing more arrives. */
async function waitForArrivals(
  warehouse: Warehouse,
  produced: ProducedCounts,
  options: SmokeOptions
): Promise<Arrivals> {
  let arrived = await warehouse.arrivals();
  let changedMs = performance.now();
  while (!isComplete(produced, arrived) && performance.now() - changedMs < IDLE_TIMEOUT_MS && !options.signal.aborted) {
    await sleep(ARRIVALS_EVERY_MS);
    const now = await warehouse.arrivals();
    if (JSON.stringify(now) !== JSON.stringify(arrived)) changedMs = performance.now();
    arrived = now;
  }
  return arrived;
}
