import type { RobotEvent } from './event.ts';
import type { EventField } from './event-field.ts';
import { EVENT_FIELDS } from './event-fields.ts';
import { fieldRule, isObject, type FieldRule } from './field-rule.ts';
import { missingReason, type RejectReason } from './reject-reasons.ts';
import { reject, type Rejection, type Result } from './result.ts';

/** The data of one field for validation. All objects have the same shape, so that the loop over them is fast. */
interface CheckedField {
  name: string;
  property: string;
  absent: '' | null;
  /** '' when the field is never read from `meta`. */
  metaKey: string;
  onlyInMeta: boolean;
  isNumber: boolean;
  missing: Rejection<RejectReason> | null;
  /** '' when the field has no pair. */
  pairedWith: string;
  rule: FieldRule;
}

const NO_META: Record<string, unknown> = {};
const FIELDS: readonly CheckedField[] = EVENT_FIELDS.map(checkedField);
/** Through JSON, because the engine then keeps all properties inside the object: a copy of it is faster to fill. */
const ABSENT = JSON.parse(
  JSON.stringify(Object.fromEntries(FIELDS.map(({ property, absent }) => [property, absent])))
) as Record<string, unknown>;

/**
 * Checks one parsed JSON value against the contract.
 * @param nowMs the ingesting clock, milliseconds since the epoch
 */
export function validate(json: unknown, nowMs: number): Result<RobotEvent, RejectReason> {
  if (!isObject(json)) {
    return reject('not_an_object', `got ${json === null ? 'null' : Array.isArray(json) ? 'an array' : typeof json}`);
  }
  const meta = isObject(json['meta']) ? json['meta'] : NO_META;
  const event: Record<string, unknown> = { ...ABSENT };
  for (const field of FIELDS) {
    let value: unknown = field.onlyInMeta ? null : (json[field.name] ?? null);
    if (field.pairedWith !== '' && (value === null) !== ((json[field.pairedWith] ?? null) === null)) {
      const absent = value === null ? field.name : field.pairedWith;
      return reject('position_incomplete', `${absent} is absent, the other is not`);
    }
    if (value === null && field.metaKey !== '') value = fromMeta(meta, field);
    if (value === null) {
      if (field.missing) return field.missing;
      continue;
    }
    const checked = field.rule(value, nowMs);
    if (typeof checked !== 'object') event[field.property] = checked;
    else if (!field.onlyInMeta) return checked;
  }
  return { ok: true, value: event as RobotEvent };
}

/** `meta` may contain anything: a value of another type is not the field. */
function fromMeta(meta: Record<string, unknown>, { metaKey, isNumber }: CheckedField): unknown {
  const value = meta[metaKey] ?? null;
  return isNumber && !Number.isFinite(value) ? null : value;
}

function checkedField(field: EventField): CheckedField {
  return {
    name: field.name,
    property: field.property,
    absent: field.absent ?? null,
    metaKey: field.metaKey ?? '',
    onlyInMeta: field.onlyInMeta ?? false,
    isNumber: field.type === 'number',
    missing: field.required ? reject(missingReason(field), `${field.name} is required`) : null,
    pairedWith: field.type === 'number' ? (field.pairedWith ?? '') : '',
    rule: fieldRule(field),
  };
}
