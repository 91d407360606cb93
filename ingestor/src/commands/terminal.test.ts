import { expect, it } from 'vitest';
import { printable } from './terminal.ts';

it('shows the control characters of a text and keeps its lines', () => {
  expect(printable('a\u001b[2J\u009b2J\u0007\r\n\tü🤖')).toBe('a\\u001b[2J\\u009b2J\\u0007\\u000d\n\tü🤖');
});

it('keeps JSON valid', () => {
  const report = { robot: 'a\u009b\u001b' };
  expect(JSON.parse(printable(JSON.stringify(report)))).toEqual(report);
});
