import type { DataFrame, Field } from '@grafana/data';
import { t } from '@grafana/i18n';
import { UNESCAPED } from '../../grafana/showText';
import { joinedByAnd } from '../fleet/fields';
import { cellKey, type Cells } from './cells';

/** Farther from the origin than any floor; a cell there would be a mistake of units. */
const MAX_METRES = 1e6;

const NAMES = {
  x: ['x', 'cell_x'],
  y: ['y', 'cell_y'],
  value: ['value'],
  mapId: ['map_id', 'map', 'floor'],
  side: ['cell_metres', 'cell_size'],
} as const;

/**
 * The cells of one floor in a layer's frame: `x, y, value`, a point within its cell, or `cell_x, cell_y, value`, the
 * cell's number; with `map_id` the other floors are passed over, `cell_metres` is the side of a cell (1 m without it).
 * Rows of one cell are added up.
 * @throws Error in one sentence that names the layer, the query and the field
 */
export function readCells(frame: DataFrame, layerName: string, mapId: string | null): Cells {
  const said = { name: layerName, query: frame.refId ?? 'A', ...UNESCAPED };
  const find = (names: readonly string[]) =>
    names.map((name) => frame.fields.find((field) => field.name.toLowerCase() === name)).find(Boolean);
  const [x, y, value] = [find(NAMES.x), find(NAMES.y), find(NAMES.value)];
  const missing = Object.entries({ x, y, value }).flatMap(([name, field]) => (field ? [] : [name]));
  if (!x || !y || !value) {
    const has = frame.fields.map((field) => field.name).join(', ') || t('map.query.no_fields', 'no fields');
    throw new Error(
      t('map.layers.missing', 'Layer {{name}}: query {{query}} has no field {{list}} (it has {{has}}).', {
        ...said,
        list: joinedByAnd(missing),
        has,
      })
    );
  }
  const mapField = find(NAMES.mapId);
  const sideField = find(NAMES.side);
  const sideMetres = sideField && frame.length > 0 ? numberAt(sideField, 0) : 1;
  if (!(sideMetres > 0)) {
    throw new Error(
      t('map.layers.side', 'Layer {{name}}: field {{field}} of query {{query}} must be above 0 m.', {
        ...said,
        field: sideField?.name ?? '',
      })
    );
  }
  const perColumn = x.name.toLowerCase() === 'cell_x' ? 1 : sideMetres;
  const perRow = y.name.toLowerCase() === 'cell_y' ? 1 : sideMetres;
  const sums = new Map<string, { column: number; row: number; value: number }>();
  let leftOut = 0;
  for (let i = 0; i < frame.length; i++) {
    if (mapField && mapId !== null && String(mapField.values[i] ?? '') !== mapId) continue;
    const [column, row] = [Math.floor(numberAt(x, i) / perColumn), Math.floor(numberAt(y, i) / perRow)];
    const number = numberAt(value, i);
    const isPlace = Math.abs(column * sideMetres) <= MAX_METRES && Math.abs(row * sideMetres) <= MAX_METRES;
    if (!isPlace || Number.isNaN(number)) {
      leftOut++;
      continue;
    }
    const key = cellKey(column, row);
    const known = sums.get(key);
    if (known) known.value += number;
    else sums.set(key, { column, row, value: number });
  }
  const cells = [...sums.values()];
  return {
    sideMetres,
    columns: Int32Array.from(cells, (cell) => cell.column),
    rows: Int32Array.from(cells, (cell) => cell.row),
    values: Float64Array.from(cells, (cell) => cell.value),
    leftOut,
  };
}

/** A finite number, or NaN. ClickHouse sends wide integers and decimals as text. */
function numberAt(field: Field, row: number): number {
  const cell: unknown = field.values[row];
  if (typeof cell === 'string' && cell.trim() !== '') return finite(Number(cell));
  return typeof cell === 'number' ? finite(cell) : NaN;
}

function finite(number: number): number {
  return Number.isFinite(number) ? number : NaN;
}
