import { createHmac } from 'node:crypto';
import { isExactInteger } from '../decode/exact-number.ts';
import type { MaskAction, MaskRule } from './mask-rules.ts';

/** Hexadecimal digits of a hash: 128 bits, which fits the maximum length of robot_id. */
const HASH_CHARS = 32;

export interface Masking {
  rules: readonly MaskRule[];
  /** Without a salt, short names could be found by hashing candidates. */
  salt: string;
}

/** A copy of the record with its fields masked; the record itself if it has none of them. */
export function maskRecord(record: object, { rules, salt }: Masking): object {
  return rules.reduce((masked, { path, action }) => maskAt(masked, path, action, salt) as object, record);
}

function maskAt(node: unknown, path: readonly string[], action: MaskAction, salt: string): unknown {
  if (node === null || node === undefined) return node;
  const [step, ...rest] = path;
  if (step === undefined) return maskValue(node, action, salt);
  if (Array.isArray(node)) {
    const masked = node.map((element) => maskAt(element, path, action, salt));
    return masked.some((element, i) => element !== node[i]) ? masked : node;
  }
  // The parent is not an object, for example an object as text. The field may be inside it, so drop it.
  if (typeof node !== 'object' || isExactInteger(node)) return null;
  if (!Object.hasOwn(node, step)) return node;
  const value = (node as Record<string, unknown>)[step];
  const masked = maskAt(value, rest, action, salt);
  return masked === value ? node : { ...node, [step]: masked };
}

function maskValue(value: unknown, action: MaskAction, salt: string): unknown {
  if (action.kind === 'drop') return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (action.kind === 'truncate') return Array.from(text).slice(0, action.chars).join('');
  return createHmac('sha256', salt).update(text).digest('hex').slice(0, HASH_CHARS);
}
