import { FieldType, type DataFrame } from '@grafana/data';
import { showText } from '../grafana/showText';

/**
 * A text that a spreadsheet would run as a formula, even behind spaces. The advice of OWASP on CSV injection, and the wide
 * forms of the same signs, which Excel takes for them.
 */
const FORMULA = /^\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/**
 * One cell of a CSV file (RFC 4180). A text that would be a formula begins with an apostrophe; what is not seen is written as
 * `\u{202e}`. Numbers are numbers: -1.5 stays one.
 */
export function csvCell(value: unknown, type: FieldType = FieldType.other): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return '';
    return type === FieldType.time ? new Date(value).toISOString() : String(value);
  }
  if (typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const isFormula = FORMULA.test(text);
  const shown = showText(text);
  const safe = isFormula || FORMULA.test(shown) ? `'${shown}` : shown;
  return /[",;\n\r]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * The rows as a CSV file in UTF-8 with its mark, which Excel needs. Times are ISO 8601 in UTC.
 * @param columns fields to write, in this order; the header has their names
 */
export function csvOf(frame: DataFrame, columns: readonly string[]): string {
  const fields = columns.map((name) => frame.fields.find((field) => field.name === name));
  const lines = [columns.map((name) => csvCell(name)).join(',')];
  for (let row = 0; row < frame.length; row++) {
    lines.push(fields.map((field) => csvCell(field?.values[row], field?.type)).join(','));
  }
  return `\ufeff${lines.join('\r\n')}\r\n`;
}
