import type { Field } from '@grafana/data';
import { readNumber } from './cell';

/** What a battery's numbers are to be multiplied by for percent: ROS and others count from 0 to 1. */
export function batteryScale(field: Field | undefined, rows: Iterable<number>): 1 | 100 {
  if (field?.config.unit === 'percentunit') return 100;
  if (!field) return 1;
  let known = 0;
  let fullest = 0;
  for (const row of rows) {
    const level = readNumber(field, row);
    if (Number.isNaN(level)) continue;
    if (level < 0 || level > 1) return 1;
    known++;
    fullest = Math.max(fullest, level);
  }
  // A fleet that is at or below 1 % as a whole does not drive any more.
  return known > 1 && fullest > 0 ? 100 : 1;
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
  return `Most numbers of ${field.name} lie beyond ±2π: if they are degrees, switch on Heading in degrees in the panel's options.`;
}
