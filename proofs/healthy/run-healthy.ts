import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '@floorwatch/servers/guard';
import type { ClickHouseClient } from '@clickhouse/client';
import { allChecks, type CheckGroup } from './checks/all-checks.ts';
import type { ViewCheck } from './compare/reading.ts';
import { FAULTS, healthy, type Behaviour } from './fleet/faults.ts';
import { Ledger } from './fleet/ledger.ts';
import { PlannedRobot } from './fleet/planned-robot.ts';
import { startFleet } from './fleet/publisher.ts';
import { Observer } from './observer.ts';
import { refresh, startStack, TOPIC } from './stack.ts';
import { Tally, type HealthyRow } from './tally.ts';

/** In the order in which each is computed from the one before. */
const ALL_ROLL_UPS = ['telemetry_minute_mv', 'telemetry_hour_mv', 'floor_cells_mv', 'floor_cells_hour_mv'];
/** A reading of all views costs the server as much as many viewers do; the time between two is spent on nothing. */
const BETWEEN_READINGS_MS = 2_000;
const ROBOTS_PER_FAULT = 2;

export interface HealthyOptions {
  minutes: number;
  /** Of the healthy fleet. */
  robots: number;
  seed: number;
  /** Part of the time in which only healthy robots report. */
  healthyShare?: number;
  /** Refreshes minutes and cells all the time: for a run too short for their own turns. */
  refreshAll?: boolean;
  say: (line: string) => void;
  /** Called at the end, while the servers still run. */
  onEnd?: (checks: readonly ViewCheck[], observer: Observer, owner: ClickHouseClient) => Promise<void>;
}

/** Runs a healthy fleet alone, then one with every fault beside it, and compares every view with what was sent. */
export async function runHealthy(options: HealthyOptions): Promise<HealthyRow[]> {
  const { minutes, robots, seed, healthyShare = 0.5, refreshAll = false, say } = options;
  const dir = temporaryFolder('floorwatch-healthy');
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => rm(dir, { recursive: true, force: true }));
  const { brokers, owner, reader } = await startStack(dir, cleanup);

  const ledger = new Ledger();
  const fleet = await startFleet(brokers, TOPIC, ledger);
  cleanup.defer(() => fleet.stop());
  const groups = allChecks(ledger, TOPIC);
  const checks = groups.flatMap((group) => group.checks);
  const tally = new Tally(checks, say);
  const observer = new Observer(reader, ledger);
  const refreshed = async (views: readonly string[]): Promise<void> => {
    for (const view of views) await refresh(owner, view);
  };
  const observeGroup = async ({ slowRollUps, checks }: CheckGroup, endMs: number): Promise<void> => {
    while (Date.now() < endMs) {
      await refreshed(slowRollUps);
      for (const check of checks) tally.add(check.view, await observer.observe(check));
      await sleep(BETWEEN_READINGS_MS);
    }
  };
  const observeUntil = async (endMs: number): Promise<void> => {
    const observations = groups.map((group) => observeGroup(group, endMs));
    if (refreshAll) observations.push(refreshUntil(endMs));
    await Promise.all(observations);
  };
  const refreshUntil = async (endMs: number): Promise<void> => {
    while (Date.now() < endMs) {
      await refreshed(['telemetry_minute_mv', 'floor_cells_mv']);
      await sleep(BETWEEN_READINGS_MS);
    }
  };

  const observeAtRest = async (): Promise<void> => {
    let underWay: Promise<void> | null = null;
    const makeCurrent = (): Promise<void> => (underWay ??= refreshed(ALL_ROLL_UPS).finally(() => (underWay = null)));
    await makeCurrent();
    const observations = groups.map(async (group) => {
      for (const check of group.checks) {
        const verdict = await observer.observeAtRest(check, group.isOfRollUps ? makeCurrent : undefined);
        // How long it took is no delay of the view: it waited for its turn here.
        tally.add(check.view, { ...verdict, delayMs: 0 });
      }
    });
    await Promise.all(observations);
  };

  const startMs = Date.now();
  fleet.join(healthyFleet(seed, robots));
  say(`${robots} healthy robots report`);
  await observeUntil(startMs + healthyShare * minutes * 60_000);
  // Late events have everything computed again: whether a healthy fleet alone gets its roll-ups shows only before they come.
  await fleet.pause();
  say(`paused, ${secondsSince(startMs)} s: every answer must now include everything`);
  await observeAtRest();
  const faulty = faultyFleet(seed, robots);
  fleet.join(faulty);
  fleet.resume();
  say(`${faulty.length} robots with faults report as well, ${secondsSince(startMs)} s`);
  await observeUntil(Date.now() + (1 - healthyShare) * minutes * 60_000);
  await fleet.stop();
  say(`both fleets stopped, ${secondsSince(startMs)} s: every answer must now include everything`);
  await observeAtRest();
  say(`compared, ${secondsSince(startMs)} s`);
  await options.onEnd?.(checks, observer, owner);
  return tally.rows();
}

function healthyFleet(seed: number, robots: number): Behaviour[] {
  return Array.from({ length: robots }, (_, number) =>
    healthy(new PlannedRobot({ seed, number, name: `healthy-${String(number).padStart(3, '0')}`, fleet: 'healthy' }))
  );
}

function faultyFleet(seed: number, firstNumber: number): Behaviour[] {
  let number = firstNumber;
  return Object.entries(FAULTS).flatMap(([fault, behaviour]) =>
    Array.from({ length: ROBOTS_PER_FAULT }, (_, i) =>
      behaviour(new PlannedRobot({ seed, number: number++, name: `${fault}-${i}`, fleet: 'faulty' }))
    )
  );
}

function secondsSince(startMs: number): number {
  return Math.round((Date.now() - startMs) / 1000);
}
