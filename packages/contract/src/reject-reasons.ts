import type { EventField } from './event-field.ts';
import { EVENT_FIELDS, type Field, type MessageField } from './event-fields.ts';

const MESSAGE_REASONS = ['tombstone', 'message_too_large', 'invalid_utf8', 'invalid_json', 'not_an_object'] as const;

type MissingReason<F> = F extends { required: true; name: infer Name extends string } ? `${Name}_missing` : never;
type InvalidReason<F> = F extends { invalidReason: infer Reason extends string }
  ? Reason
  : F extends { name: infer Name extends string }
    ? `${Name}_invalid`
    : never;
type OutOfRangeReason<F> = F extends { outOfRangeReason: infer Reason extends string } ? Reason : never;

/** Why an event was rejected. */
export type RejectReason =
  | (typeof MESSAGE_REASONS)[number]
  | MissingReason<MessageField>
  | InvalidReason<MessageField>
  | OutOfRangeReason<Field>
  | 'ts_too_old'
  | 'ts_too_far_ahead'
  | 'position_incomplete';

export function invalidReason(field: EventField): RejectReason {
  const own = field.type === 'number' ? field.invalidReason : undefined;
  return (own ?? `${field.name}_invalid`) as RejectReason;
}

export function outOfRangeReason(field: EventField & { type: 'number' }): RejectReason {
  return (field.outOfRangeReason ?? invalidReason(field)) as RejectReason;
}

export function missingReason(field: EventField): RejectReason {
  return `${field.name}_missing` as RejectReason;
}

/** In the order in which the rules are checked. The first broken rule is the reason of the dead letter. */
export const REJECT_REASONS: readonly RejectReason[] = [
  ...new Set([...MESSAGE_REASONS, ...EVENT_FIELDS.flatMap(reasonsOf)]),
];

function reasonsOf(field: EventField): RejectReason[] {
  if (field.onlyInMeta) return [];
  const reasons = field.required ? [missingReason(field)] : [];
  if (field.type !== 'number') reasons.push(invalidReason(field));
  else {
    if (field.pairedWith !== undefined) reasons.push('position_incomplete');
    reasons.push(invalidReason(field), outOfRangeReason(field));
  }
  if (field.type === 'time') reasons.push('ts_too_old', 'ts_too_far_ahead');
  return reasons;
}
