import { parse } from 'csv-parse/sync';
import { readText } from '../floorplan/read-file.ts';
import { PlanError } from '../plans/plan-error.ts';
import type { MapPoint } from '../plans/transform.ts';

interface CsvRecord {
  record: Record<string, string>;
  info: { lines: number };
}

/**
 * Points in metres from a CSV file with a header that names at least `x` and `y`.
 * @throws PlanError naming the file and the column or line
 */
export function readPoints(file: string): MapPoint[] {
  const records = parseCsv(readText(file), file);
  return records.map(({ record, info }) => ({
    xMetres: readMetres(record, 'x', `${file} line ${info.lines}`),
    yMetres: readMetres(record, 'y', `${file} line ${info.lines}`),
  }));
}

function parseCsv(text: string, file: string): CsvRecord[] {
  const checkHeader = (header: string[]): string[] => {
    const missing = ['x', 'y'].find((column) => !header.includes(column));
    if (missing) throw new PlanError(file, `column ${missing} is missing (the header has ${header.join(', ')})`);
    return header;
  };
  try {
    // Typed as records without `info`, which the option adds.
    return parse(text, {
      bom: true,
      columns: checkHeader,
      info: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as CsvRecord[];
  } catch (error) {
    if (error instanceof PlanError) throw error;
    throw new PlanError(file, `is not readable CSV (${(error as Error).message})`);
  }
}

function readMetres(record: Record<string, string>, column: 'x' | 'y', place: string): number {
  const text = record[column] ?? '';
  const metres = Number(text);
  if (text === '' || !Number.isFinite(metres)) throw new PlanError(place, `${column} must be metres, it is '${text}'`);
  return metres;
}
