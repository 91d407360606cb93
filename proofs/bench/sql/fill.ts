import type { ClickHouseClient } from '@clickhouse/client';
import { fillCells } from './fill-cells.ts';
import { ROBOTS_PER_SILENT_ONE } from './report-now.ts';

/** Rows per INSERT. Bounds memory and gives parts of a typical size. */
const ROWS_PER_INSERT = 5_000_000;

const SECONDS_PER_DAY = 86_400;
const ZONES = 40;
/** How long the silent robots have not reported. */
const SILENT_SECONDS = 61;

/**
 * Fills the database with a fleet that reported at 1 Hz until now: `events` raw events, with their task runs and zones. The views
 * that compute roll-ups are stopped: see fill-history.ts.
 */
export async function fillWarehouse(
  client: ClickHouseClient,
  { events, robots, deadLetters }: { events: number; robots: number; deadLetters: number }
): Promise<void> {
  const seconds = Math.ceil(events / robots);
  const run = async (query: string): Promise<void> => {
    await client.command({
      query,
      clickhouse_settings: { max_insert_threads: '2', max_partitions_per_insert_block: '0' },
    });
  };
  for (const table of [
    'telemetry_raw',
    'robot_latest',
    'task_runs',
    'robot_arrivals',
    'robot_state_minutes',
    'robot_states',
    'path_progress',
    'path_offsets',
    'path_offset_history',
    'zones',
    'dead_letters',
  ]) {
    await run(`TRUNCATE TABLE ${table}`);
  }
  const lastOfSilent = seconds - Math.min(SILENT_SECONDS, Math.floor(seconds / 2));
  const rowsPerInsert = Math.ceil(ROWS_PER_INSERT / robots) * robots;
  for (let first = 0; first < seconds * robots; first += rowsPerInsert) {
    const count = Math.min(rowsPerInsert, seconds * robots - first);
    await run(`INSERT INTO telemetry_raw
      (event_id, robot_id, ts, event_type, task_id, x, y, theta, map_id, speed, battery, state, firmware, meta, received_at, source, topic, partition, offset)
      WITH ${first} + number AS n, n % ${robots} AS robot, intDiv(n, ${robots}) AS second,
        now64(3, 'UTC') - toIntervalSecond(${seconds} - second) + toIntervalMillisecond(cityHash64(n) % 900) AS at
      SELECT
        generateUUIDv4(n), concat('robot-', leftPad(toString(robot), 5, '0')),
        at,
        multiIf(second % 100 = 1, 'TASK_STARTED', second % 100 = 99, 'TASK_COMPLETED', 'POSITION_UPDATE'),
        concat('task-', toString(intDiv(second, 100))),
        cityHash64(n, 1) % 100000 / 1000, cityHash64(n, 2) % 60000 / 1000, cityHash64(n, 3) % 6283 / 1000 - 3.141, 'hall',
        cityHash64(n, 4) % 2000 / 1000, cityHash64(n, 5) % 101,
        ['working', 'idle', 'charging', 'blocked'][1 + cityHash64(robot, intDiv(second, 60)) % 4],
        'v2.4.1', '{"firmware":"v2.4.1"}', at + toIntervalMillisecond(80), 'engine', 'robot.telemetry', robot % 4, intDiv(n, 4)
      FROM numbers(${count})
      WHERE second < ${lastOfSilent} OR robot % ${ROBOTS_PER_SILENT_ONE} != ${ROBOTS_PER_SILENT_ONE - 1}`);
  }
  // One row per second, as a live fleet creates them. The fill itself takes only minutes.
  await run(`INSERT INTO path_progress (source, topic, partition, second, rows, max_offset, last_ts, last_received_at)
    SELECT 'engine', 'robot.telemetry', number % 4, now('UTC') - toIntervalSecond(intDiv(number, 4)), ${Math.ceil(robots / 4)},
      ${events} - number, now64(3, 'UTC') - toIntervalSecond(intDiv(number, 4)), now64(3, 'UTC') - toIntervalSecond(intDiv(number, 4))
    FROM numbers(${4 * Math.min(seconds, SECONDS_PER_DAY)})`);
  // Both paths report their offsets every 5 s, for a day, with a lag of 2 s.
  await run(`INSERT INTO path_offsets (path, topic, partition, sampled_at, end_offset, committed_offset)
    SELECT ['ingestor', 'engine'][1 + number % 2], 'robot.telemetry', intDiv(number, 2) % 4, now64(3, 'UTC') - toIntervalSecond(5 * intDiv(number, 8)),
      10000000 - intDiv(number, 8) * ${Math.ceil((5 * robots) / 4)} AS end, end - ${Math.ceil(robots / 2)}
    FROM numbers(${(2 * 4 * SECONDS_PER_DAY) / 5})`);
  await run(`INSERT INTO zones (map_id, zone_id, name, kind, polygon)
    SELECT 'hall', concat('zone-', toString(number)), concat('Zone ', toString(number)), 'area',
      arrayMap(i -> CAST((6 + number % 8 * 12 + 6 * cos(i * pi() / 3), 6 + intDiv(number, 8) * 12 + 6 * sin(i * pi() / 3)), 'Tuple(x Float64, y Float64)'), range(6))
    FROM numbers(${ZONES})`);
  await run(`INSERT INTO dead_letters (topic, partition, offset, part, reason, raw, received_at, source)
    SELECT 'robot.telemetry', number % 4, intDiv(number, 4), 0, ['ts_invalid', 'invalid_json', 'battery_out_of_range'][1 + number % 3],
      repeat('x', 250), now64(3, 'UTC') - toIntervalSecond(number), 'engine'
    FROM numbers(${deadLetters})`);
  for (const statement of fillCells(robots)) await run(statement);
  // A live server merges parts continuously. A fill within minutes leaves hours of merges, which no reader would see.
  for (const table of ['robot_latest', 'task_runs', 'path_progress']) {
    await run(`OPTIMIZE TABLE ${table}`);
  }
}
