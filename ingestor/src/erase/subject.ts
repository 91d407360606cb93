import { CommandError } from '../errors/errors.ts';
import { maskRecord, type Masking } from '../masking/mask-record.ts';

/** What is erased: all data of a robot, or one value of a field in `meta`. */
export interface Subject {
  /** Such as ['robot_id'] or ['meta', 'operator']. */
  path: readonly [string, ...string[]];
  /** The value as the robot sends it and, if MASK_FIELDS hashes or shortens the field, as it is stored. */
  values: readonly string[];
}

/** @throws CommandError */
export function robotSubject(robotId: string, masking: Masking | null): Subject {
  if (robotId === '') throw new CommandError('erase', '--robot is empty. Give the id of a robot.');
  return { path: ['robot_id'], values: storedAs(['robot_id'], robotId, masking) };
}

/** @param text such as meta.operator=Ada @throws CommandError */
export function fieldSubject(text: string, masking: Masking | null): Subject {
  const [, path = '', value = ''] = /^([^=]*)=([^]*)$/.exec(text) ?? [];
  const [root = '', ...keys] = path.split('.');
  if (root !== 'meta' || keys.length === 0 || keys.includes('') || value === '') {
    throw new CommandError(
      'erase',
      `--field ${JSON.stringify(text)} is not meta.KEY=VALUE, such as meta.operator=Ada. To remove all data of a robot, use --robot.`
    );
  }
  return { path: [root, ...keys], values: storedAs([root, ...keys], value, masking) };
}

export function subjectName({ path }: Subject): string {
  return path.join('.');
}

function storedAs(path: readonly string[], value: string, masking: Masking | null): string[] {
  const rule = masking?.rules.find((each) => each.path.join('.') === path.join('.'));
  // A shortened value stands for everyone whose name begins like this.
  if (!masking || rule?.action.kind !== 'hash') return [value];
  const masked = maskRecord({ value }, { salt: masking.salt, rules: [{ path: ['value'], action: rule.action }] });
  return [value, (masked as { value: string }).value];
}
