import { parse } from 'csv-parse/sync';
import { PlanError } from './plan-error.ts';
import { parseDecimal } from './ros-map.ts';
import type { MapPoint } from './transform.ts';

/** A point, with its file and line for errors. */
export interface PlacedPoint extends MapPoint {
  place: string;
}

interface CsvRecord {
  record: Record<string, string>;
  info: { lines: number };
}

/**
 * Points in metres from a CSV file. Its header has at least the columns `x` and `y`, in any order and case. Commas,
 * semicolons or tabs separate the columns.
 * @param file file name for errors
 * @throws PlanError with the file and the column or line
 */
export function parsePoints(bytes: Uint8Array, file: string): PlacedPoint[] {
  // Other columns can contain text in any encoding, because only numbers are read.
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
    // The type of `parse` does not include `info`, which the option adds.
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
    if (count > 1) throw new PlanError(file, `column ${column} is defined twice`);
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

/** Text of the file, made safe for a terminal. */
function shown(text: string, maxChars: number): string {
  const oneLine = text.replace(/\p{Cc}+/gu, ' ');
  return oneLine.length > maxChars ? `${oneLine.slice(0, maxChars)} ...` : oneLine;
}
