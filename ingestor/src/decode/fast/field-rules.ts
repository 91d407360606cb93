import { EVENT_FIELDS, type EventField } from '@floorwatch/contract';

export const KIND = { uuid: 0, text: 1, time: 2, number: 3, angle: 4, state: 5, object: 6 } as const;

/** The rules of the fields as arrays of numbers, which is all that the scanner reads. Index: place in `EVENT_FIELDS`. */
export const KINDS = Uint8Array.from(EVENT_FIELDS, kindOf);
export const MAX_CHARS = Uint32Array.from(EVENT_FIELDS, (field: EventField) =>
  field.type === 'text' ? field.maxChars : 0
);
export const MIN = Float64Array.from(EVENT_FIELDS, (field: EventField) => (field.type === 'number' ? field.min : NaN));
export const MAX = Float64Array.from(EVENT_FIELDS, (field: EventField) => (field.type === 'number' ? field.max : NaN));

function kindOf(field: EventField): number {
  return field.type === 'number' && field.isAngle ? KIND.angle : KIND[field.type];
}
