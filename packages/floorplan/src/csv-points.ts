import { parse } from 'csv-parse/sync';
import { PlanError } from './plan-error.ts';
import { parseDecimal } from './ros-map.ts';
import type { MapPoint } from './transform.ts';

/** A point, and the file and line that errors name. */
export interface PlacedPoint extends MapPoint {
  place: string;
}

interface CsvRecord {
  record: Record<string, string>;
  info: { lines: number };
}

/**
 * Points in metres from a CSV file whose header names at least `x` and `y`, in any order and case; columns are separated
 * by commas, semicolons or tabs.
 * @param file the name that errors carry
 * @throws PlanError naming the file and the column or line
 */
export function parsePoints(bytes: Uint8Array, file: string): PlacedPoint[] {
  // Other columns may hold names in whatever encoding: only numbers are read.
  const text = new TextDecoder().decode(bytes);
  if (text.trim() === '') throw new PlanError(file, 'is empty: a header with the columns x and y is expected');
  return parseCsv(text, file).map(({ record, info }) => {
    const place = `${file} line ${info.lines}`;
    return { xMetres: readMetres(record, 'x', place), yMetres: readMetres(record, 'y', place), place };
  });
}

function parseCsv(text: string, file: string): CsvRecord[] {
  const header = /[^\s][^\r\n]*/.exec(text)?.[0] ?? '';
  try {
    // Typed as records without `info`, which the option adds.
    return parse(text, {
      columns: (names: string[]) => readHeader(names, file),
      delimiter: [',', ';', '\t'].find((separator) => header.includes(separator)) ?? ',',
      info: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as CsvRecord[];
  } catch (error) {
    if (error instanceof PlanError) throw error;
    throw new PlanError(file, `is not readable CSV (${shown((error as Error).message, 200)})`);
  }
}

function readHeader(names: readonly string[], file: string): string[] {
  const columns = names.map((name) => name.trim().toLowerCase());
  for (const column of ['x', 'y']) {
    const count = columns.filter((name) => name === column).length;
    if (count > 1) throw new PlanError(file, `column ${column} is there twice`);
    if (count === 0) {
      throw new PlanError(file, `column ${column} is missing (the header has ${shown(names.join(', '), 80)})`);
    }
  }
  return columns;
}

function readMetres(record: Record<string, string>, column: 'x' | 'y', place: string): number {
  const text = record[column] ?? '';
  const metres = parseDecimal(text);
  if (metres === null) throw new PlanError(place, `${column} must be metres, it is '${shown(text, 40)}'`);
  return metres;
}

/** Foreign text as a terminal may show it. */
function shown(text: string, maxChars: number): string {
  const oneLine = text.replace(/\p{Cc}+/gu, ' ');
  return oneLine.length > maxChars ? `${oneLine.slice(0, maxChars)} ...` : oneLine;
}
