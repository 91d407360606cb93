import type { Field } from '@grafana/data';
import { readNumber } from './cell';

/** What a battery's numbers are to be multiplied by for percent: ROS and others count from 0 to 1. */
export function batteryScale(field: Field | undefined, rows: readonly number[]): 1 | 100 {
  if (field?.config.unit === 'percentunit') return 100;
  const known = rows.map((row) => readNumber(field, row)).filter((level) => !Number.isNaN(level));
  // A fleet that is at or below 1 % as a whole does not drive any more.
  const isShare = known.length > 1 && known.every((level) => level >= 0 && level <= 1);
  return isShare && known.some((level) => level > 0) ? 100 : 1;
}

/** One sentence where headings can hardly be radians; '' where they can. */
export function headingDoubt(field: Field | undefined, rows: readonly number[]): string {
  const known = rows.map((row) => readNumber(field, row)).filter((heading) => !Number.isNaN(heading));
  const beyond = known.filter((heading) => Math.abs(heading) > 2 * Math.PI + 0.01).length;
  if (beyond * 2 <= known.length) return '';
  return `Most numbers of ${field?.name ?? ''} lie beyond ±2π: if they are degrees, switch on Heading in degrees in the panel's options.`;
}
