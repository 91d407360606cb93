import type { DataFrame } from '@grafana/data';
import type { CustomTransformOperator } from '@grafana/scenes';
import { map } from 'rxjs';
import { showText } from '../grafana/showText';

/** Columns that links read. They are hidden, and keep what they hold. */
const RAW_COLUMNS = new Set(['robot_id', 'link_site', 'link_map', 'link_fleet']);

/** A transformation that makes every text of a table safe to show, as the map does with names of robots. */
export const shownTexts: CustomTransformOperator = () => (source) =>
  source.pipe(map((frames) => frames.map(showFrame)));

/** The same frame where nothing needs to be shown otherwise: a table then draws nothing again. */
export function showFrame(frame: DataFrame): DataFrame {
  let isSame = true;
  const fields = frame.fields.map((field) => {
    if (RAW_COLUMNS.has(field.name)) return field;
    const values = field.values.map((value: unknown) => (typeof value === 'string' ? showText(value) : value));
    if (values.every((value, row) => value === field.values[row])) return field;
    isSame = false;
    return { ...field, values };
  });
  return isSame ? frame : { ...frame, fields };
}
