import { formattedValueToString, getValueFormat } from '@grafana/data';

/**
 * Characters that are not seen but change what is: controls, direction marks, letters of no width, spaces other than the
 * usual one. With U+202E, one robot's id looks like another's.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029\u00a0\u115f\u1160\u2000-\u200a\u202f\u205f\u3000\u3164\ufeff]/gu;

/** A text of a robot, floor, zone or task as it is safe to show: what is not seen is written as `\u{202e}`. */
export function showText(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)?.toString(16).padStart(4, '0')}}`);
}

/** A quantity in one of Grafana's units; the dash, or another text, where nothing was measured. */
export function showQuantity(value: unknown, unit: string, decimals?: number, none = '–'): string {
  if (typeof value !== 'number' || !Number.isFinite(value)) return none;
  return formattedValueToString(getValueFormat(unit)(value, decimals));
}

/** For values in translated texts: React escapes them already, and twice would show `&lt;`. */
export const UNESCAPED = { interpolation: { escapeValue: false } } as const;
