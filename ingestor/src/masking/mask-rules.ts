import { MESSAGE_FIELDS, type MaskKind } from '@floorwatch/contract';

/** The action for a masked field: drop it, replace it by a salted hash, or keep its first characters. */
export type MaskAction = { kind: Exclude<MaskKind, 'truncate'> } | { kind: 'truncate'; chars: number };

export interface MaskRule {
  /** The path from the event to the field, such as ['meta', 'operator']. */
  path: readonly string[];
  action: MaskAction;
}

const PAIR = /^([\w-]+(?:\.[\w-]+)*)=(?:(drop)|(hash)|truncate:([1-9]\d{0,2}))$/;

const FIELDS = new Map(MESSAGE_FIELDS.map((field) => [field.name, field]));

/**
 * Parses `field=drop|hash|truncate:N` pairs separated by commas; a dot leads into `meta`. Null when one of them is invalid,
 * or would make every event invalid.
 */
export function parseMaskRules(text: string): MaskRule[] | null {
  const rules: MaskRule[] = [];
  for (const pair of text.split(',')) {
    const [, field, drop, hash, chars] = PAIR.exec(pair.trim()) ?? [];
    if (field === undefined) return null;
    const action: MaskAction = drop
      ? { kind: 'drop' }
      : hash
        ? { kind: 'hash' }
        : { kind: 'truncate', chars: Number(chars) };
    // Any action is allowed for a key that is not in the contract.
    if (FIELDS.get(field)?.mask.includes(action.kind) === false) return null;
    rules.push({ path: field.split('.'), action });
  }
  const masked = new Set(rules.map(({ path }) => path.join('.')));
  for (const name of masked) {
    const field = FIELDS.get(name);
    if (field?.type === 'number' && field.pairedWith !== undefined && !masked.has(field.pairedWith)) return null;
    // If the field is absent, its value comes from `meta`, so both must be masked.
    if (field?.metaKey !== undefined) rules.push({ path: ['meta', field.metaKey], action: { kind: 'drop' } });
  }
  return rules;
}
