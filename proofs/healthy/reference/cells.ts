import { stateOf } from '../../reference/reference-event.ts';
import type { SentEvent } from '../fleet/ledger.ts';
import { distinctByTime, isClockAhead } from './stored.ts';

/** What happened in a square metre in five minutes or an hour; the rules are in sql/README.md, "Cells of the floor". */
export interface Cell {
  dwell_seconds: number;
  waiting_seconds: number;
  congested_seconds: number;
  errors: number;
  scoreSum: number;
  score_reports: number;
  deviationSum: number;
  deviation_reports: number;
}

const HOLD_MS = 60_000;
const MINUTE_MS = 60_000;
const SLOW_METRES_PER_SECOND = 0.1;

interface Place {
  x: number;
  y: number;
  mapId: string;
  tsMs: number;
}

/** @returns by `startMs map x y` of the cell's lower left corner. @param sent events of robots that meet no others */
export function cellsOf(sent: readonly SentEvent[], periodMs: number): Map<string, Cell> {
  const events = distinctByTime(sent).filter((event) => !isClockAhead(event));
  const reporting = new Map<string, Set<string>>();
  for (const event of events) {
    const place = placeOf(event);
    if (!place) continue;
    const key = `${minuteOf(event)} ${cellName(place)}`;
    reporting.set(key, (reporting.get(key) ?? new Set()).add(event.robotId));
  }
  const cells = new Map<string, Cell>();
  for (const ofRobot of Map.groupBy(events, ({ robotId }) => robotId).values()) {
    let last: Place | null = null;
    for (const [i, event] of ofRobot.entries()) {
      const at: Place | null = placeOf(event) ?? last;
      last = at;
      if (!at || at.tsMs < event.tsMs - HOLD_MS) continue;
      const untilMs = Math.min(event.tsMs + HOLD_MS, ofRobot[i + 1]?.tsMs ?? Infinity);
      const startMs = Math.floor(event.tsMs / periodMs) * periodMs;
      const endMs = startMs + periodMs;
      const isCongested = isWaiting(event) && hasCompany(reporting, event, at);
      const stay = (periodStartMs: number, ms: number): Cell => {
        const cell = cellAt(cells, `${periodStartMs} ${cellName(at)}`);
        cell.dwell_seconds += ms / 1000;
        if (isWaiting(event)) cell.waiting_seconds += ms / 1000;
        if (isCongested) cell.congested_seconds += ms / 1000;
        return cell;
      };
      const cell = stay(startMs, Math.min(untilMs, endMs) - event.tsMs);
      if (untilMs > endMs) stay(endMs, untilMs - endMs);
      if (event.eventType === 'ERROR') cell.errors += 1;
      cell.scoreSum += event.score ?? 0;
      if (event.score !== null) cell.score_reports += 1;
      cell.deviationSum += event.deviationMetres ?? 0;
      if (event.deviationMetres !== null) cell.deviation_reports += 1;
    }
  }
  return cells;
}

function placeOf({ x, y, mapId, tsMs }: SentEvent): Place | null {
  return x === null || y === null ? null : { x: Math.fround(x), y: Math.fround(y), mapId: mapId ?? '', tsMs };
}

const minuteOf = ({ tsMs }: SentEvent): number => Math.floor(tsMs / MINUTE_MS);

function cellName({ x, y, mapId }: Place, right = 0, up = 0): string {
  return `${mapId} ${Math.floor(x) + right} ${Math.floor(y) + up}`;
}

function isWaiting(event: SentEvent): boolean {
  if (event.state === 'blocked') return true;
  return event.speed !== null && event.speed < SLOW_METRES_PER_SECOND && stateOf(event) === 'working';
}

/** True when in the event's minute another robot reported from the cell or one of its eight neighbours. */
function hasCompany(reporting: ReadonlyMap<string, ReadonlySet<string>>, event: SentEvent, at: Place): boolean {
  for (const right of [-1, 0, 1]) {
    for (const up of [-1, 0, 1]) {
      const robots = reporting.get(`${minuteOf(event)} ${cellName(at, right, up)}`);
      if (robots && (robots.size > 1 || !robots.has(event.robotId))) return true;
    }
  }
  return false;
}

function cellAt(cells: Map<string, Cell>, key: string): Cell {
  const known = cells.get(key);
  if (known) return known;
  const fresh: Cell = {
    ...{ dwell_seconds: 0, waiting_seconds: 0, congested_seconds: 0, errors: 0 },
    ...{ scoreSum: 0, score_reports: 0, deviationSum: 0, deviation_reports: 0 },
  };
  cells.set(key, fresh);
  return fresh;
}
