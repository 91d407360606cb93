import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCycles } from './cycles.ts';
import { fieldWalkFiles } from './field-walk.ts';
import { isTest, type ImportGraph } from './imports.ts';
import { findTwoWayFolders } from './two-way-folders.ts';

/** CI reads this report, so the keys do not change. File counts and lines are those of source files without tests. */
export interface StructureReport {
  /** Circular imports, including those of tests and type-only imports. */
  cycles: number;
  two_way_folders: number;
  files: number;
  median_lines: number;
  p90_lines: number;
  max_lines: number;
  files_under_20_lines: number;
  field_walk_files: number | null;
}

/** Upper limit of each value. */
export const LIMITS = {
  cycles: 0,
  two_way_folders: 0,
  p90_lines: 200,
  files_under_20_lines: 45,
  field_walk_files: 10,
} as const satisfies Partial<Record<keyof StructureReport, number>>;

export interface Structure {
  report: StructureReport;
  /** One sentence for each circular import, each pair of folders, and each value above its limit. */
  problems: string[];
}

export function structureOf(root: string, graph: ImportGraph): Structure {
  const cycles = findCycles(graph);
  const source = new Map([...graph].filter(([file]) => !isTest(file)));
  const twoWay = findTwoWayFolders(source);
  const lines = [...source.keys()].map((file) => countLines(join(root, file))).sort((a, b) => a - b);
  const quantile = (share: number): number => lines[Math.ceil(share * lines.length) - 1] ?? 0;
  const report: StructureReport = {
    cycles: cycles.length,
    two_way_folders: twoWay.length,
    files: lines.length,
    median_lines: quantile(0.5),
    p90_lines: quantile(0.9),
    max_lines: quantile(1),
    files_under_20_lines: lines.filter((count) => count < 20).length,
    field_walk_files: fieldWalkFiles(),
  };
  return {
    report,
    problems: [
      ...cycles.map((files) => `Circular import: ${files.join(', ')}`),
      ...twoWay.map(({ folders, imports }) => `${folders.join(' and ')} import each other: ${imports.join('; ')}`),
      ...brokenLimits(report),
    ],
  };
}

function brokenLimits(report: StructureReport): string[] {
  return Object.entries(LIMITS).flatMap(([name, limit]) => {
    const value = report[name as keyof typeof LIMITS];
    return value !== null && value > limit ? [`${name} is ${value}, but the limit is ${limit}`] : [];
  });
}

function countLines(file: string): number {
  return readFileSync(file, 'utf8').replace(/\n$/, '').split('\n').length;
}
