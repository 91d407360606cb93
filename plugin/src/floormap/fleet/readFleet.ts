import type { DataFrame } from '@grafana/data';
import {
  MAX_AHEAD_MS,
  MAX_COORDINATE_METRES,
  MAX_THETA_RADIANS,
  normaliseRadians,
  TOOLTIP_FIELDS,
} from '@floorwatch/contract';
import { t } from '@grafana/i18n';
import { UNESCAPED } from '../../grafana/showText';
import { formatAge } from './age';
import { readErrorCode, readNumber, readNumberWithin, readText, readTimeMs } from './cell';
import {
  findFields,
  hasRobotFields,
  joinedByAnd,
  missingFieldMessage,
  type FieldMapping,
  type FoundFields,
} from './fields';
import { allocateFleet, emptyFleet, type Fleet } from './fleet';
import { latestRows } from './latestRows';
import { momentOfRows } from './moment';
import { reportedReason, tooFar } from './reasons';
import { concludeStatus } from './status';
import { batteryDoubt, batteryScale, headingDoubt } from './units';

export const noRows = () =>
  t(
    'map.query.no_rows',
    'The query returned no rows: no robot has reported yet or in this time range, or none fits the query.'
  );

/** As `clock_wrong` of the views. */
const WRONG_CLOCK_SECONDS = 60;

const nowNotThen = () =>
  t(
    'map.query.now_not_then',
    "The dashboard's time lies in the past, but the query returns the fleet of now: the map shows the robots as they are now, and the playback shows them as they were then."
  );

export interface ReadOptions {
  mapping: FieldMapping;
  silentAfterSeconds: number;
  /** Degrees instead of radians in the heading column. */
  headingInDegrees: boolean;
  nowMs: number;
  /** When the dashboard's range of time ended; absent or NaN while it reaches up to now. */
  rangeEndMs?: number;
}

export interface ReadFleet {
  fleet: Fleet;
  /** The frame that the robots came from; null when none fits. */
  frame: DataFrame | null;
  /** One sentence on what is wrong with the data; '' when nothing is. */
  problem: string;
}

/** Turns the first frame that holds robots into a fleet. Never throws: what is wrong comes back as a sentence. */
export function readFleet(frames: readonly DataFrame[], options: ReadOptions): ReadFleet {
  const [frame, ...others] = frames.filter((candidate) => hasRobotFields(findFields(candidate, options.mapping)));
  if (frame) {
    const fields = findFields(frame, options.mapping);
    const fleet = readFrame(frame, fields, options);
    const headingProblem = options.headingInDegrees ? '' : headingDoubt(fields.heading, fleet.rows);
    const batteryProblem = batteryDoubt(fields.battery, fleet.rows);
    const isNow = Number.isNaN(fleet.asOfMs) && fleet.ageSeconds.some((age) => !Number.isNaN(age));
    const clash = isNow && !Number.isNaN(options.rangeEndMs ?? NaN) ? nowNotThen() : '';
    const problems = [leftOutMessage(frame, others), headingProblem, batteryProblem, clash, lateMessage(fleet)];
    return { fleet, frame, problem: problems.filter(Boolean).join(' ') };
  }
  const closest = frames.find((candidate) => candidate.fields.length > 0);
  const problem = closest ? missingFieldMessage(closest, options.mapping) : noRows();
  return { fleet: emptyFleet(options.nowMs), frame: null, problem };
}

function leftOutMessage(shown: DataFrame, others: readonly DataFrame[]): string {
  if (others.length === 0) return '';
  const own = shown.refId ?? 'A';
  const names = [...new Set(others.map(({ refId }) => refId ?? 'A'))].filter((name) => name !== own);
  if (names.length === 0) {
    return t(
      'map.query.tables',
      'Query {{query}} returns {{tables}} tables of robots, of which the map shows the first: let it return one.',
      { query: own, tables: others.length + 1, ...UNESCAPED }
    );
  }
  return t(
    'map.query.others',
    'Query {{names}} return robots too, but the map shows those of query {{own}} only: one query can return them all with UNION ALL.',
    {
      count: names.length,
      defaultValue_one:
        'Query {{names}} returns robots too, but the map shows those of query {{own}} only: one query can return them all with UNION ALL.',
      names: joinedByAnd(names),
      own,
      ...UNESCAPED,
    }
  );
}

/** Robots that may well report while their data does not arrive. */
function lateMessage({ count, lateRobots, leastLateSeconds }: Fleet): string {
  if (lateRobots === 0) return '';
  const age = formatAge(leastLateSeconds);
  if (lateRobots === count) {
    return t(
      'map.query.all_late',
      "The pipeline lags: all robots are shown as they were {{age}} or longer ago. Floorwatch's Pipeline page says why.",
      { age }
    );
  }
  return t(
    'map.query.late',
    "The pipeline lags: {{late}} of {{robots}} robots are shown as they were {{age}} or longer ago. Floorwatch's Pipeline page says why.",
    { late: lateRobots, robots: count, age }
  );
}

function readFrame(frame: DataFrame, fields: FoundFields, options: ReadOptions): Fleet {
  const { rows, older, nameless } = latestRows(fields, frame.length);
  const asOfMs = momentOfRows(fields, frame.length, options.rangeEndMs ?? NaN);
  // Of a past moment no age grows any more.
  const [nowMs, readAtMs] = Number.isNaN(asOfMs) ? [options.nowMs, options.nowMs] : [asOfMs, Infinity];
  const counts = { olderRows: older, namelessRows: nameless };
  const fleet = Object.assign(allocateFleet(rows.length, readAtMs), { asOfMs, ...counts });
  // A query that knows silence has decided it: map, tiles, tables and alerts then have one definition.
  const isDecided = fields.silence !== undefined && fields.status !== fields.reportedState;
  const perPercent = batteryScale(fields.battery);
  const turn = options.headingInDegrees ? Math.PI / 180 : 1;
  // By column, not by robot: this runs for 50,000 robots at each refresh.
  for (const { name } of TOOLTIP_FIELDS) {
    const [column, field] = [fleet.listed[name], fields[name]];
    rows.forEach((row, i) => (column[i] = readNumber(field, row)));
  }
  rows.forEach((row, i) => {
    fleet.rows[i] = row;
    fleet.robotIds[i] = readText(fields.robotId, row);
    const [x, y] = [readNumber(fields.x, row), readNumber(fields.y, row)];
    const isOnEarth = Math.max(Math.abs(x), Math.abs(y)) <= MAX_COORDINATE_METRES;
    // A position is whole or absent: half of one would put the robot on an axis.
    if (isOnEarth) {
      fleet.xMetres[i] = x;
      fleet.yMetres[i] = y;
    }
    fleet.headingRadians[i] = normaliseRadians(
      readNumberWithin(fields.heading, row, -MAX_THETA_RADIANS, MAX_THETA_RADIANS) * turn
    );
    fleet.batteryPercent[i] = readNumberWithin(fields.battery, row, 0, 100) * perPercent;
    const ageSeconds = readAge(fields, row, nowMs);
    fleet.ageSeconds[i] = ageSeconds;
    const positionAge = readNumber(fields.positionAge, row);
    fleet.positionAgeSeconds[i] = Number.isNaN(positionAge) ? ageSeconds : positionAge;
    fleet.deviationMetres[i] = readNumber(fields.deviation, row);
    const clockOffset = readNumber(fields.clockOffset, row);
    fleet.clockOffsetSeconds[i] = Math.abs(clockOffset) > WRONG_CLOCK_SECONDS ? clockOffset : NaN;
    fleet.reportedAtMs[i] = readTimeMs(fields.reportedAt, row);
    // Old data of a pipeline that lags is no silent robot: a query that knows the difference has a column of its own.
    const silence = readNumber(fields.silence, row);
    const silentSeconds = Number.isNaN(silence) ? ageSeconds : silence;
    const silentAfter = isDecided ? Infinity : options.silentAfterSeconds;
    fleet.statuses[i] = concludeStatus(fields.status?.values[row], silentSeconds, silentAfter);
    if (ageSeconds > options.silentAfterSeconds && silentSeconds <= options.silentAfterSeconds) {
      fleet.lateRobots++;
      fleet.leastLateSeconds = Math.min(fleet.leastLateSeconds, ageSeconds);
    }
    fleet.reportedStates[i] = (readText(fields.reportedState, row) || readText(fields.status, row)).trim();
    fleet.mapIds[i] = readText(fields.mapId, row);
    fleet.errorCodes[i] = readErrorCode(fields.errorCode, row);
    fleet.taskIds[i] = readText(fields.taskId, row);
    const isTooFar = !isOnEarth && !Number.isNaN(x + y);
    fleet.notPlacedReasons[i] = reportedReason(readText(fields.notPlacedReason, row)) || (isTooFar ? tooFar() : '');
  });
  return fleet;
}

/** A negative age is that of a clock that runs ahead; one that no clock runs ahead by is no age. */
function readAge(fields: FoundFields, row: number, nowMs: number): number {
  const told = readNumber(fields.age, row);
  const ageSeconds = Number.isNaN(told) ? (nowMs - readTimeMs(fields.time, row)) / 1000 : told;
  return ageSeconds < -MAX_AHEAD_MS / 1000 ? NaN : Math.max(0, ageSeconds);
}
