import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuSeconds } from '../process-usage.ts';
import { median, type Measure } from './measure.ts';
import { setMerges } from './merges.ts';
import { firstRow, type SqlBenchServers } from './sql-servers.ts';

const ROBOTS = 1_000;
const MINUTES = 3;
const MINUTE_MS = 60_000;
const MAX_US_PER_EVENT = 10;
/** Of these robots, some deliver what they buffered: one in a hundred is three minutes late. */
const ROBOTS_PER_LATE_ONE = 100;
const LATE_SECONDS = 180;
/** Seconds of events per insert, as one ingestor or the Kafka engine inserts them. */
const SECONDS_PER_INSERT = 1;
const INSERT_ROUNDS = 10;
const INSERTS_PER_ROUND = 5;

/** Views that inserts feed and only the roll-ups read. */
const INSERT_VIEWS = ['rollup_events_mv', 'rollup_touched_mv'];
const REFRESHED = ['telemetry_minute', 'telemetry_hour', 'floor_cells', 'floor_cells_hour'];
const MERGED = ['rollup_events', 'rollup_touched', ...REFRESHED];

/**
 * CPU of all roll-ups per event, at 1,000 robots × 1 Hz in real time: the refreshes, and what the views that inserts feed add to
 * an insert. Merges are reported apart.
 */
export async function measureRollUps(servers: SqlBenchServers, say: (line: string) => void): Promise<Measure> {
  const { owner } = servers;
  for (const table of REFRESHED) await owner.command({ query: `SYSTEM START VIEW ${table}_mv` });
  const insertUs = await insertCost(servers);
  say(`roll-ups: ${insertUs.toFixed(1)} µs per event when it is inserted`);
  const healthyUs = await refreshCost(servers, 0);
  say(`roll-ups: ${healthyUs.toFixed(1)} µs per event when it is computed, nothing late`);
  const lateUs = await refreshCost(servers, ROBOTS_PER_LATE_ONE);
  const mergesUs = await mergeCost(servers);
  await leaveOutRollUps(owner);
  const value = insertUs + healthyUs;
  return {
    ...{ measure: 'rollup_cpu_us_per_event', value, required: `<= ${MAX_US_PER_EVENT}`, ok: value <= MAX_US_PER_EVENT },
    ...{ insert_us: insertUs, refresh_us: healthyUs, with_late_events_us: insertUs + lateUs, merges_us: mergesUs },
    ...{ robots: ROBOTS, machine_load: loadavg()[0] ?? NaN },
  };
}

export async function stopRollUps(owner: SqlBenchServers['owner']): Promise<void> {
  for (const table of REFRESHED) await owner.command({ query: `SYSTEM STOP VIEW ${table}_mv` });
}

/** They have a measure of their own, and are no part of any other: stops them, and detaches the views that inserts feed. */
export async function leaveOutRollUps(owner: SqlBenchServers['owner']): Promise<void> {
  await stopRollUps(owner);
  for (const view of INSERT_VIEWS) await owner.command({ query: `DETACH TABLE ${view} SYNC` });
}

/** CPU of the refreshes in some minutes, microseconds per event of these minutes. */
async function refreshCost({ owner }: SqlBenchServers, robotsPerLateOne: number): Promise<number> {
  // From the end of a minute's refresh to the end of another's.
  await report(owner, Math.ceil((Date.now() - 40_000) / MINUTE_MS) * MINUTE_MS + 40_000, robotsPerLateOne);
  const fromMs = Date.now();
  const events = await report(owner, fromMs + MINUTES * MINUTE_MS, robotsPerLateOne);
  await owner.command({ query: 'SYSTEM FLUSH LOGS' });
  const { us } = await firstRow<{ us: number }>(
    owner,
    `SELECT sum(ProfileEvents['UserTimeMicroseconds'] + ProfileEvents['SystemTimeMicroseconds']) AS us FROM system.query_log
     WHERE type = 'QueryFinish' AND event_time >= toDateTime(${Math.floor(fromMs / 1000)})
       AND match(query, '^INSERT INTO warehouse\\.(${REFRESHED.join('|')}) ')`
  );
  return us / events;
}

/** Inserts the fleet's events of each second until a time. @returns the number of events */
async function report(owner: SqlBenchServers['owner'], untilMs: number, robotsPerLateOne: number): Promise<number> {
  let events = 0;
  let dueMs = Date.now();
  while (Date.now() < untilMs) {
    await owner.command({ query: insertQuery(robotsPerLateOne) });
    events += ROBOTS * SECONDS_PER_INSERT;
    dueMs += 1000 * SECONDS_PER_INSERT;
    await sleep(Math.max(0, dueMs - Date.now()));
  }
  return events;
}

function insertQuery(robotsPerLateOne: number): string {
  const late = robotsPerLateOne === 0 ? '0' : `if(number % ${robotsPerLateOne} = 0, ${LATE_SECONDS}, 0)`;
  return `INSERT INTO telemetry_raw
    (event_id, robot_id, ts, event_type, task_id, x, y, theta, map_id, site_id, speed, battery, state, firmware, meta, received_at, source, topic, partition, offset)
    WITH number % ${ROBOTS} AS robot, now64(3, 'UTC') - toIntervalMillisecond(cityHash64(robot) % 1000) - toIntervalSecond(${late}) AS at
    SELECT generateUUIDv4(number), concat('robot-', leftPad(toString(robot), 5, '0')), at, 'POSITION_UPDATE', concat('task-', toString(robot)),
      cityHash64(robot) % 100 + toUnixTimestamp(at) % 60 * 0.7, cityHash64(robot, 1) % 60, 0.5, 'hall', 'site', 1.2 * (cityHash64(robot, at) % 5 > 0), 50,
      ['working', 'working', 'idle', 'charging', 'blocked'][1 + cityHash64(robot, intDiv(toUnixTimestamp(at), 30)) % 5], 'v2.4.1',
      '{"firmware":"v2.4.1","localization_score":0.93,"deviation_range":0.05}', now64(3, 'UTC'), 'ingestor', 'robot.telemetry', robot % 4, number
    FROM numbers(${ROBOTS * SECONDS_PER_INSERT})`;
}

/** What the views add to an insert: medians of inserts with and without them, by turns, while nothing merges. */
async function insertCost({ owner }: SqlBenchServers): Promise<number> {
  const mark = `rollup-insert-${Date.now()}`;
  await setMerges(owner, 'warehouse', 'off');
  // The first round fills caches of a server that has just started, and does not count.
  for (let round = 0; round <= INSERT_ROUNDS; round++) {
    for (const [kind, statement] of [
      ['without', 'DETACH'],
      ['with', 'ATTACH'],
    ] as const) {
      for (const view of INSERT_VIEWS) await owner.command({ query: `${statement} TABLE ${view}` });
      for (let i = 0; i < INSERTS_PER_ROUND; i++)
        await owner.command({
          query: insertQuery(0),
          clickhouse_settings: { log_comment: round === 0 ? 'warm-up' : `${mark} ${kind}` },
        });
    }
  }
  await setMerges(owner, 'warehouse', 'on');
  await owner.command({ query: 'SYSTEM FLUSH LOGS' });
  const result = await owner.query({
    query: `SELECT log_comment AS kind, ProfileEvents['UserTimeMicroseconds'] + ProfileEvents['SystemTimeMicroseconds'] AS us
      FROM system.query_log WHERE type = 'QueryFinish' AND startsWith(log_comment, '${mark}')`,
    format: 'JSONEachRow',
  });
  const found = await result.json<{ kind: string; us: number }>();
  const usOf = (kind: string): number =>
    median(found.filter((row) => row.kind.endsWith(` ${kind}`)).map(({ us }) => us));
  return (usOf('with') - usOf('without')) / (ROBOTS * SECONDS_PER_INSERT);
}

/** Of merging everything that is in the tables once more, microseconds per event in rollup_events. */
async function mergeCost({ owner, clickhouse }: SqlBenchServers): Promise<number> {
  const { events } = await firstRow<{ events: number }>(owner, 'SELECT count() AS events FROM rollup_events');
  const before = cpuSeconds(clickhouse.pid);
  for (const table of MERGED) await owner.command({ query: `OPTIMIZE TABLE ${table} FINAL` });
  return ((cpuSeconds(clickhouse.pid) - before) * 1e6) / events;
}
