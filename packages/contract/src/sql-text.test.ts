import { expect, it } from 'vitest';
import { HOSTILE } from './hostile-texts.ts';
import { isOneOf, sqlText } from './sql-text.ts';

/** What ClickHouse reads from a literal of plain characters and `\xHH`. */
function readLiteral(literal: string): string {
  expect(literal).toMatch(/^'(?:[^'\\$[{]|\\x[0-9a-f]{2})*'$/);
  const bytes = literal
    .slice(1, -1)
    .match(/\\x[0-9a-f]{2}|[^\\]/gu)
    ?.flatMap((part) => (part.startsWith('\\x') ? [parseInt(part.slice(2), 16)] : [...new TextEncoder().encode(part)]));
  return new TextDecoder().decode(Uint8Array.from(bytes ?? []));
}

it.each(HOSTILE.map(({ text, why }) => [why, text]))('keeps %s a text of one literal', (_, text) => {
  expect(readLiteral(sqlText(text))).toBe(text);
});

it('leaves ids readable', () => {
  expect(sqlText('amr-17/hall 2')).toBe("'amr-17/hall 2'");
  expect(sqlText('a--b')).toBe("'a-\\x2db'");
});

it('takes the name of a variable only', () => {
  expect(isOneOf('robot_id', 'robot')).toContain("'${robot:customqueryparam:v}'");
  expect(() => isOneOf('robot_id', 'robot:raw')).toThrow('robot:raw is not the name of a variable');
});
