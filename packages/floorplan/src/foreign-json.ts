/** Shared by the schemas of files and messages in external JSON formats. */
import { z } from 'zod';
import { MAX_COORDINATE_METRES } from './map-frame.ts';

/** A coordinate in metres, within the limit that the contract sets for robots. */
export const metres = z
  .number()
  .refine((value) => Math.abs(value) <= MAX_COORDINATE_METRES, `it lies beyond ±${MAX_COORDINATE_METRES} m`);

const WRONG_TYPE = /^Invalid input: expected (\w+), received (\w+)$/;
const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/**
 * The first problem as text that starts with the path of the field, for an error or a dead letter.
 * @param whole name of the value itself
 */
export function firstProblem({ issues: [issue] }: z.ZodError, whole = 'message'): string {
  if (issue === undefined) return 'unreadable';
  const field = issue.path.join('.') || whole;
  const [, expected = '', received = ''] = WRONG_TYPE.exec(issue.message) ?? [];
  if (received === 'undefined') return `${field} is missing`;
  if (received !== '') return `${field} must be ${typeName(expected)}, it is ${typeName(received)}`;
  if (issue.code === 'invalid_value') {
    return `${field} must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
  }
  const isEmptyText = issue.code === 'too_small' && issue.origin === 'string' && issue.minimum === 1;
  return isEmptyText ? `${field} is empty` : `${field}: ${issue.message}`;
}

function typeName(type: string): string {
  return TYPES[type] ?? type;
}
