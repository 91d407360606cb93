import { kpiBuckets, REPORTED_STATES, type KpiRange } from './kpis.ts';

/** Rows of the three queries of `kpis.ts`, by column. A count is a number or, from ClickHouse's JSON, its text. */
export type KpiRow = Readonly<Record<string, unknown>>;

export interface KpiAnswers {
  /** The one row of `kpiCounts`. */
  counts: KpiRow | undefined;
  /** Rows of `kpiTrend` and `kpiTasks`; empty while they are not read. */
  trend: readonly KpiRow[];
  tasks: readonly KpiRow[];
}

export type KpiId =
  | 'online'
  | 'working'
  | 'idle'
  | 'charging'
  | 'blocked'
  | 'error'
  | 'silent'
  | 'offline'
  | 'manual'
  | 'maintenance'
  | 'unknown'
  | 'not_placed'
  | 'low_battery'
  | 'tasks_per_hour'
  | 'p95_task_seconds'
  | 'utilisation'
  | 'events_per_second'
  | 'data_age_seconds';

export interface KpiTile {
  id: KpiId;
  /** Null while it is not known. */
  value: number | null;
  /** Grafana's id of a unit. */
  unit: string;
  decimals: number;
  /** The same time a week before. */
  weekBefore: number | null;
  /** One value per bucket of the range; null where nothing was computed. Empty for a figure without a past. */
  points: ReadonlyArray<number | null>;
  pointsBefore: ReadonlyArray<number | null>;
  /** Grafana's name of a colour. Tiles of `isTrouble` have it only when their value is not 0. */
  colour: string;
  isTrouble: boolean;
  /** Where a click leads: a filter of the Robots page, or another page. */
  leadsTo: { robots: string } | 'tasks' | 'pipeline';
}

interface StateTile {
  id: KpiId;
  colour: string;
  isTrouble?: boolean;
  /** Shown only when there are such robots. */
  isRare?: boolean;
}

/** They add up to the fleet. */
const STATE_TILES: readonly StateTile[] = [
  { id: 'working', colour: 'green' },
  { id: 'idle', colour: 'blue' },
  { id: 'charging', colour: 'yellow' },
  { id: 'blocked', colour: 'orange', isTrouble: true },
  { id: 'error', colour: 'red', isTrouble: true },
  { id: 'silent', colour: 'red', isTrouble: true },
  { id: 'offline', colour: 'text' },
  { id: 'manual', colour: 'purple', isRare: true },
  { id: 'maintenance', colour: 'light-purple', isRare: true },
  { id: 'unknown', colour: 'text', isRare: true },
];

/** All tiles of the Fleet page, in their order. */
export function kpiTiles({ counts, trend, tasks }: KpiAnswers, range: KpiRange): KpiTile[] {
  const series = seriesOf(trend, range);
  const ended = seriesOf(
    tasks.filter((row) => Number(row['is_all']) === 0),
    range
  );
  const all = tasks.filter((row) => Number(row['is_all']) === 1);
  const hours = (kpiBuckets(range).endMs - kpiBuckets(range).startMs) / 3_600_000;
  // Where nothing is known of the moment, its counts are 0, which would be read as "none".
  const known = numberOf(counts?.['is_known']) === 0 ? undefined : counts;
  const count = (column: string) => numberOf(known?.[column]);
  const ofAll = (column: string, weeksAgo: number) => numberOf(all.find((row) => weekOf(row) === weeksAgo)?.[column]);

  const states = STATE_TILES.filter(({ id, isRare }) => !isRare || (count(id) ?? 0) > 0).map(
    ({ id, colour, isTrouble = false }) => ({
      ...tile(id, count(id), series(id)),
      colour,
      isTrouble,
      leadsTo: { robots: id },
    })
  );
  const robots = count('robots');
  const reporting = (row: KpiRow) => sumOf(row, REPORTED_STATES) - (numberOf(row['offline']) ?? 0);
  return [
    {
      ...tile(
        'online',
        robots === null ? null : robots - (count('silent') ?? 0) - (count('offline') ?? 0),
        series(reporting)
      ),
      colour: 'green',
      leadsTo: { robots: 'online' },
    },
    ...states,
    {
      ...tile(
        'not_placed',

        count('not_placed')
      ),
      colour: 'orange',
      isTrouble: true,
      leadsTo: { robots: 'not placed' },
    },
    {
      ...tile(
        'low_battery',

        count('low_battery'),
        series('low_battery')
      ),
      colour: 'orange',
      isTrouble: true,
      leadsTo: { robots: 'low battery' },
    },
    {
      ...tile(
        'tasks_per_hour',

        perHour(trend, 0, hours),
        series((row) => Number(row['tasks_completed']) / (kpiBuckets(range).bucketMs / 3_600_000))
      ),
      decimals: 1,
      weekBefore: perHour(trend, 1, hours),
      leadsTo: 'tasks',
    },
    {
      ...tile(
        'p95_task_seconds',

        ofAll('p95_seconds', 0),
        ended('p95_seconds')
      ),
      unit: 's',
      decimals: 1,
      weekBefore: ofAll('p95_seconds', 1),
      leadsTo: 'tasks',
    },
    {
      ...tile(
        'utilisation',

        utilisation(trend, 0),
        series((row) => shareOf(Number(row['seconds_working']), Number(row['seconds_reported'])))
      ),
      unit: 'percent',
      weekBefore: utilisation(trend, 1),
      leadsTo: { robots: 'working' },
    },
    {
      ...tile(
        'events_per_second',

        lastOf(series('events_per_second')[0]),
        series('events_per_second')
      ),
      decimals: 1,
      leadsTo: 'pipeline',
    },
    {
      ...tile(
        'data_age_seconds',

        count('data_age_seconds')
      ),
      unit: 's',
      leadsTo: 'pipeline',
    },
  ];
}

type Series = readonly [points: ReadonlyArray<number | null>, before: ReadonlyArray<number | null>];

function tile(id: KpiId, value: number | null, [points, before]: Series = [[], []]): KpiTile {
  return {
    ...{ id, value, unit: 'none', decimals: 0, colour: 'text', isTrouble: false, leadsTo: 'tasks' },
    ...{ points, pointsBefore: before, weekBefore: lastOf(before) },
  };
}

/** Gives the series of a column, or of a figure of each row. */
function seriesOf(rows: readonly KpiRow[], range: KpiRange) {
  const { startMs, endMs, bucketMs } = kpiBuckets(range);
  const length = Math.round((endMs - startMs) / bucketMs);
  return (figure: string | ((row: KpiRow) => number | null)): Series => {
    const both = [0, 1].map((weeksAgo) => {
      const points = Array<number | null>(length).fill(null);
      for (const row of rows) {
        const at = Math.round((timeOf(row) - startMs) / bucketMs);
        if (weekOf(row) !== weeksAgo || at < 0 || at >= length) continue;
        points[at] = typeof figure === 'string' ? numberOf(row[figure]) : figure(row);
      }
      return points;
    });
    return [both[0] ?? [], both[1] ?? []];
  };
}

/** The last value that is known. */
function lastOf(points: ReadonlyArray<number | null>): number | null {
  return points.findLast((point) => point !== null) ?? null;
}

function perHour(trend: readonly KpiRow[], weeksAgo: number, hours: number): number | null {
  const rows = trend.filter((row) => weekOf(row) === weeksAgo);
  return rows.length === 0 ? null : rows.reduce((sum, row) => sum + Number(row['tasks_completed']), 0) / hours;
}

function utilisation(trend: readonly KpiRow[], weeksAgo: number): number | null {
  const rows = trend.filter((row) => weekOf(row) === weeksAgo);
  const total = (column: string) => rows.reduce((sum, row) => sum + Number(row[column]), 0);
  return shareOf(total('seconds_working'), total('seconds_reported'));
}

function shareOf(part: number, whole: number): number | null {
  return whole > 0 ? (100 * part) / whole : null;
}

function sumOf(row: KpiRow, columns: readonly string[]): number {
  return columns.reduce((sum, column) => sum + (numberOf(row[column]) ?? 0), 0);
}

function weekOf(row: KpiRow): number {
  return Number(row['weeks_ago']);
}

function numberOf(value: unknown): number | null {
  return value === null || value === undefined || value === '' || Number.isNaN(Number(value)) ? null : Number(value);
}

/** Milliseconds; ClickHouse's JSON has `2026-11-28 03:00:00.000` in UTC, a data frame has milliseconds. */
function timeOf(row: KpiRow): number {
  const { time } = row;
  return typeof time === 'string' ? Date.parse(`${time.replace(' ', 'T')}Z`) : Number(time);
}
