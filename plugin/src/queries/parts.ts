import { FieldType, type DataFrame, type Field } from '@grafana/data';
import type { CustomTransformOperator } from '@grafana/scenes';
import { map } from 'rxjs';

/** The column that says which question of a page a row answers. */
const PART = 'part';

/**
 * A transformation for one panel of a page whose panels share a query: the rows of one part, with the given columns under the
 * names that people read.
 * @param columns the shown name of each column, in this order
 */
export function showPart(
  part: string,
  columns: ReadonlyArray<readonly [column: string, shown: string]>
): CustomTransformOperator {
  return () => (source) =>
    source.pipe(map((frames) => frames.slice(0, 1).map((frame) => readPart(frame, part, columns))));
}

export function readPart(
  frame: DataFrame,
  part: string,
  columns: ReadonlyArray<readonly [column: string, shown: string]>
): DataFrame {
  const rows = rowsOf(frame, part);
  const fields = columns.flatMap(([column, shown]): Field[] => {
    const field = frame.fields.find(({ name }) => name === column);
    // A new config: the panel writes the unit and the links of its overrides into it.
    return field
      ? [
          {
            ...field,
            name: shown,
            config: {},
            state: undefined,
            values: rows.map((row) => field.values[row] as unknown),
          },
        ]
      : [];
  });
  return { ...frame, fields, length: rows.length };
}

/** The numbers of the rows of a part. */
function rowsOf(frame: DataFrame, part: string): number[] {
  const parts = frame.fields.find(({ name }) => name === PART)?.values ?? [];
  return parts.flatMap((one: unknown, row: number) => (one === part ? [row] : []));
}

/** One value of a column; undefined without the frame, the column or the row. */
export function cellOf(frame: DataFrame | undefined, name: string, row = 0): unknown {
  return frame?.fields.find((field) => field.name === name)?.values[row];
}

/** Values of a number column; what is not a number is left out. */
export function numbersOf(frame: DataFrame, name: string): number[] {
  const field = frame.fields.find((one) => one.name === name);
  return (field?.values ?? []).map(Number);
}

export function textField(name: string, values: string[]): Field<string> {
  return { name, type: FieldType.string, config: {}, values };
}

export function numberField(name: string, values: Array<number | null>): Field<number | null> {
  return { name, type: FieldType.number, config: {}, values };
}
