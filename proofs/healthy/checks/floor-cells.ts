import { Patience } from '../compare/patience.ts';
import { matchPrefix } from '../compare/prefix.ts';
import type { Row, Verdict, ViewCheck } from '../compare/reading.ts';
import type { Expected } from '../compare/differences.ts';
import { MAP_ID, partitionAt } from '../fleet/floor.ts';
import type { Ledger, SentEvent } from '../fleet/ledger.ts';
import { cellsOf, type Cell } from '../reference/cells.ts';
import { HOUR_MS, MINUTE_MS } from '../reference/robot-periods.ts';
import { distinctByTime, isClockAhead } from '../reference/stored.ts';
import { wrongRows } from './per-robot.ts';

/** Refreshed every two minutes; a minute that robots touch later waits until they have not done so for half a minute. */
const ALLOWED_MS = 270_000;
/** Until cells are refreshed twice, and the hours after them. */
const GRACE_MS = 330_000;
/** Events this long before and after a period decide what happens in it. */
const REACH_MS = 2 * MINUTE_MS;

export function floorCellChecks(ledger: Ledger): ViewCheck[] {
  return [
    floorCellCheck(ledger, 'v_floor_cells', 5 * MINUTE_MS),
    floorCellCheck(ledger, 'v_floor_cell_hours', HOUR_MS),
  ];
}

/** Robots of two partitions never meet, so the cells of a partition and period follow from some number of its events. */
function floorCellCheck(ledger: Ledger, view: string, periodMs: number): ViewCheck {
  const keyOf = (row: Row): string =>
    `${String(row['start_ms'])} ${String(row['map_id'])} ${Number(row['x']) - 0.5} ${Number(row['y']) - 0.5}`;
  const patience = new Patience(GRACE_MS);
  return {
    view,
    query: `SELECT *, toUnixTimestamp(time) * 1000 AS start_ms FROM ${view}`,
    allowedMs: ALLOWED_MS,
    compare(rows, reading) {
      const verdict: Verdict = { compared: 0, mismatches: [], delayMs: 0 };
      const group = (startMs: number, partition: number): string => `${startMs} ${partition}`;
      const byGroup = Map.groupBy(rows, (row) => group(Number(row['start_ms']), partitionAt(Number(row['y']))));
      const known = new Set<string>();
      for (const [partition, sent] of ledger.partitions) {
        for (const startMs of startsOf(sent, periodMs)) {
          known.add(group(startMs, partition));
          const inGroup = byGroup.get(group(startMs, partition)) ?? [];
          const found = new Map(inGroup.map((row) => [keyOf(row), row]));
          if (found.size !== inGroup.length) verdict.mismatches.push(`${startMs}: a cell is there twice`);
          const match = matchPrefix(sent, reading, ALLOWED_MS, wrongCells(sent, startMs, periodMs, found));
          verdict.compared += inGroup.length;
          verdict.delayMs = Math.max(verdict.delayMs, match.delayMs);
          const isWrong = match.length === null;
          if (patience.isOver(group(startMs, partition), isWrong, reading))
            verdict.mismatches.push(match.wrong.slice(0, 5).join('; '));
        }
      }
      for (const name of byGroup.keys()) if (!known.has(name)) verdict.mismatches.push(`${name}: should not exist`);
      return verdict;
    },
  };
}

/** Periods in which something happened; the stay after an event reaches into the next one. */
function startsOf(sent: readonly SentEvent[], periodMs: number): Set<number> {
  const starts = new Set<number>();
  for (const event of sent) {
    if (isClockAhead(event) || event.x === null) continue;
    for (const atMs of [event.tsMs, event.tsMs + REACH_MS]) starts.add(Math.floor(atMs / periodMs) * periodMs);
  }
  return starts;
}

/** Computes cells only where the number of reports fits, and once for events that this period does not depend on. */
function wrongCells(
  sent: readonly SentEvent[],
  startMs: number,
  periodMs: number,
  found: ReadonlyMap<string, Row>
): (length: number) => string[] {
  const matters = ({ tsMs }: SentEvent): boolean => tsMs >= startMs - REACH_MS && tsMs < startMs + periodMs + REACH_MS;
  const reports = [...found.values()].reduce((sum, row) => sum + Number(row['score_reports']), 0);
  let last: { relevant: number; wrong: string[] } | null = null;
  const relevantAfter: number[] = [0];
  for (const event of sent) relevantAfter.push((relevantAfter.at(-1) ?? 0) + (matters(event) ? 1 : 0));
  return (length) => {
    const relevant = relevantAfter[length] ?? 0;
    if (last?.relevant === relevant) return last.wrong;
    const stored = sent.slice(0, length).filter(matters);
    const inPeriod = distinctByTime(stored).filter(
      (event) =>
        event.score !== null && !isClockAhead(event) && Math.floor(event.tsMs / periodMs) * periodMs === startMs
    );
    const wrong =
      inPeriod.length === reports
        ? wrongRows(expectedCells(cellsOf(stored, periodMs), startMs), found)
        : Array.from({ length: found.size + 1 }, () => `${startMs}: ${reports} reports, not ${inPeriod.length}`);
    last = { relevant, wrong };
    return wrong;
  };
}

function expectedCells(cells: ReadonlyMap<string, Cell>, startMs: number): Map<string, Expected> {
  const mean = (sum: number, count: number): number | null => (count === 0 ? null : sum / count);
  return new Map(
    [...cells]
      .filter(([key]) => key.startsWith(`${startMs} `))
      .map(([key, { scoreSum, deviationSum, ...cell }]) => [
        key,
        {
          ...cell,
          map_id: MAP_ID,
          localization_score: mean(scoreSum, cell.score_reports),
          deviation_metres: mean(deviationSum, cell.deviation_reports),
        },
      ])
  );
}
