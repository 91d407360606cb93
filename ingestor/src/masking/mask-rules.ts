/** What becomes of a masked field: nothing is left of it, a salted hash, or its first characters. */
export type MaskAction = { kind: 'drop' } | { kind: 'hash' } | { kind: 'truncate'; chars: number };

export interface MaskRule {
  /** Steps from the event to the field, such as ['meta', 'operator']. */
  path: readonly string[];
  action: MaskAction;
}

const PAIR = /^([\w-]+(?:\.[\w-]+)*)=(?:(drop)|(hash)|truncate:([1-9]\d{0,2}))$/;

/** Fields that may not become text, or may not be missing. Any other may be dropped, hashed or truncated. */
const ALLOWED_KINDS: Partial<Record<string, readonly MaskAction['kind'][]>> = {
  robot_id: ['hash', 'truncate'],
  ts: [],
  ...Object.fromEntries(['event_id', 'x', 'y', 'theta', 'speed', 'battery', 'state', 'meta'].map((f) => [f, ['drop']])),
};

/**
 * Reads `field=drop|hash|truncate:N` pairs separated by commas; a dot leads into `meta`. Null when one of them is wrong,
 * or would make every event break the contract.
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
    if (ALLOWED_KINDS[field]?.includes(action.kind) === false) return null;
    rules.push({ path: field.split('.'), action });
  }
  const masks = (field: string): boolean => rules.some(({ path }) => path.join('.') === field);
  if (masks('x') !== masks('y')) return null;
  // Where theta is absent the contract takes the heading of meta, so the one cannot be hidden without the other.
  if (masks('theta')) rules.push({ path: ['meta', 'heading'], action: { kind: 'drop' } });
  return rules;
}
