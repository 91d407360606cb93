const STATES = ['working', 'working', 'idle', 'charging', 'blocked', 'error'] as const;

/**
 * Rows for every table that clients write to: robots that work, charge and fail over the last three hours, with their tasks, dead
 * letters, a plan and a zone. Equal arguments give equal rows.
 * @param prefix begins the name of each robot, task, map and zone
 */
export function fleetDay(nowMs: number, robots: number, site_id = 'here', prefix = '') {
  const telemetry_raw = Array.from({ length: robots }, (_, robot) => robotRows(nowMs, robot))
    .flat()
    .map((row) => ({
      ...{ ...row, site_id, robot_id: prefix + row.robot_id, map_id: prefix + row.map_id },
      task_id: row.task_id && prefix + row.task_id,
    }));
  const dead_letters = Array.from({ length: 60 }, (_, offset) => ({
    ...{ topic: 'robots', partition: offset % 3, offset, part: 0, key: '' },
    ...{ reason: offset % 2 ? 'ts_invalid' : 'robot_id_missing', detail: '', raw: `{"n":${offset}}` },
    ...{ received_at: dateTime(nowMs - 60_000 - offset), source: 'ingestor' },
  }));
  const floor_plans = [`${prefix}hall`, `${prefix}mezzanine`].map((map_id) => ({
    ...{ map_id, site_id, name: map_id, image: 'png', width: 100, height: 100, resolution: 0.5 },
    ...{ origin_x: 0, origin_y: 0, origin_yaw: 0, checksum: map_id, updated_at: dateTime(nowMs) },
  }));
  const polygon = [
    { x: 0, y: 0 },
    { x: 20, y: 0 },
    { x: 20, y: 20 },
    { x: 0, y: 20 },
  ];
  const zones = [`${prefix}dock`, `${prefix}aisle`].map((zone_id) => ({
    ...{ map_id: `${prefix}hall`, zone_id, name: zone_id, kind: 'area', polygon, updated_at: dateTime(nowMs) },
  }));
  return { telemetry_raw, dead_letters, floor_plans, zones };
}

const STEP_MS = 45_000;
const STEPS = 240;
const STEPS_A_TASK = 8;
/** Far from the current time, so that no result changes between two queries: even robots have been silent for long... */
const QUIET_MS = 20 * 60_000;
/** ... and the clocks of odd ones run ahead. */
const AHEAD_MS = 10 * 60_000;

function robotRows(nowMs: number, robot: number) {
  return Array.from({ length: STEPS }, (_, step) => {
    const offset = robot * STEPS + step;
    const isLast = step === STEPS - 1;
    const tsMs = isLast && robot % 2 ? nowMs + AHEAD_MS : nowMs - QUIET_MS - (STEPS - step) * STEP_MS + robot * 100;
    const inTask = step % STEPS_A_TASK;
    const eventType = inTask === 0 ? 'TASK_STARTED' : inTask === 6 ? 'TASK_COMPLETED' : 'POSITION_UPDATE';
    return {
      event_id: `00000000-0000-4000-8000-${String(offset).padStart(12, '0')}`,
      ...{ robot_id: `amr-${robot}`, ts: dateTime(tsMs), received_at: dateTime(tsMs), event_type: eventType },
      task_id: inTask <= 6 ? `task-${robot}-${Math.floor(step / STEPS_A_TASK)}` : null,
      ...{ x: (step + robot) % 40, y: (step * 3) % 40, theta: 0, map_id: 'hall', speed: 1 },
      battery: 100 - (step % 90),
      state: STATES[Math.floor((step + robot) / 5) % STATES.length] ?? null,
      ...{ meta: '', source: 'ingestor', topic: 'robots', partition: robot % 3, offset },
    };
  });
}

/** In the text format of DateTime64(3, 'UTC'). */
function dateTime(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('T', ' ').slice(0, -1);
}
