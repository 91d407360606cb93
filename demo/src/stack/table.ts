import type { PartStatus } from './board.ts';

const HEADINGS = ['part', 'state', 'address', 'log file'] as const;

/** The parts as an aligned text table, one a line under its headings. */
export function partsTable(parts: readonly PartStatus[]): string {
  const rows = [HEADINGS, ...parts.map((part) => [part.name, part.state, part.address, part.logFile] as const)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()
    )
    .join('\n');
}
