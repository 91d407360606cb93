import { sqlText } from '@floorwatch/contract/sql-text';

export const EVENTS_PER_PAGE = 50;
/** A file for a spreadsheet; the command `ingestor export` has no limit. */
export const MOST_EVENTS_IN_FILE = 10_000;

/** Which events the address of the Robot page chooses. */
export interface EventChoice {
  /** '' for all. */
  type: string;
  /** From 1. */
  page: number;
}

/** Never fails: what the address should not hold is taken for nothing. */
export function readEventChoice(parameters: URLSearchParams): EventChoice {
  const page = Number(parameters.get('page') ?? 1);
  return {
    type: parameters.get('type') ?? '',
    page: Number.isInteger(page) && page >= 1 && page <= 1e6 ? page : 1,
  };
}

/** One page of the events of the time range as they are stored, the newest first; `events` counts those of all pages. */
export function robotEvents(robotId: string, { type, page }: EventChoice): string {
  return `SELECT *, count() OVER () AS events
FROM (${selected(robotId, type)})
ORDER BY "Time" DESC, "Event id"
LIMIT ${EVENTS_PER_PAGE} OFFSET ${(page - 1) * EVENTS_PER_PAGE}`;
}

/** All of them for a file. */
export function robotEventsForFile(robotId: string, { type }: Pick<EventChoice, 'type'>): string {
  return `${selected(robotId, type)}
ORDER BY ts DESC, event_id
LIMIT ${MOST_EVENTS_IN_FILE}`;
}

function selected(robotId: string, type: string): string {
  return `SELECT
  ts AS "Time", event_type AS "Event", toString(state) AS "State", task_id AS "Task", error_code AS "Error",
  battery AS "Battery", speed AS "Speed", map_id AS "Floor", x AS "x", y AS "y", received_at AS "Arrived",
  source AS "Path", toString(event_id) AS "Event id", meta AS "Payload"
FROM warehouse.v_events
WHERE robot_id = ${sqlText(robotId)} AND $__timeFilter(ts)${type === '' ? '' : ` AND event_type = ${sqlText(type)}`}`;
}
