import type { Field } from '@grafana/data';
import { t } from '@grafana/i18n';
import { UNESCAPED } from '../../grafana/showText';
import { readNumber } from './cell';

/** What a battery's numbers are to be multiplied by for percent. */
export function batteryScale(field: Field | undefined): 1 | 100 {
  return field?.config.unit === 'percentunit' ? 100 : 1;
}

/**
 * One sentence where batteries are most likely shares from 0 to 1, as ROS counts them; '' where they can be percent. They are
 * not multiplied on suspicion: two robots at 1 % would be shown as full.
 */
export function batteryDoubt(field: Field | undefined, rows: Iterable<number>): string {
  if (!field || batteryScale(field) !== 1) return '';
  let known = 0;
  let fullest = 0;
  for (const row of rows) {
    const level = readNumber(field, row);
    if (Number.isNaN(level)) continue;
    if (level < 0 || level > 1) return '';
    known++;
    fullest = Math.max(fullest, level);
  }
  if (known < 2 || fullest === 0) return '';
  return t(
    'map.query.shares',
    'All numbers of {{field}} lie between 0 and 1, and the map takes them for percent: multiply them by 100 in the query if they are shares.',
    { field: field.name, ...UNESCAPED }
  );
}

/** One sentence where headings can hardly be radians; '' where they can. */
export function headingDoubt(field: Field | undefined, rows: Iterable<number>): string {
  if (!field) return '';
  let [known, beyond] = [0, 0];
  for (const row of rows) {
    const heading = readNumber(field, row);
    if (Number.isNaN(heading)) continue;
    known++;
    if (Math.abs(heading) > 2 * Math.PI + 0.01) beyond++;
  }
  if (beyond * 2 <= known) return '';
  return t(
    'map.query.degrees',
    "Most numbers of {{field}} lie beyond ±2π: if they are degrees, switch on Heading in degrees in the panel's options.",
    { field: field.name, ...UNESCAPED }
  );
}
