import { HOSTILE } from '@floorwatch/contract/hostile-texts';
import { sqlText } from '@floorwatch/contract/sql-text';
import { deadLetters, readDeadLetterChoice } from './deadLetters';

it('reads reason and page from the address, and takes nonsense for nothing', () => {
  expect(readDeadLetterChoice(new URLSearchParams('reason=ts_invalid&page=3'))).toEqual({
    reason: 'ts_invalid',
    page: 3,
  });
  for (const page of ['0', '-1', '1.5', 'x', '1e9']) {
    expect(readDeadLetterChoice(new URLSearchParams({ page }))).toEqual({ reason: '', page: 1 });
  }
});

it.each(HOSTILE.map(({ why, text }) => [why, text]))('holds %s only as an escaped text', (_, reason) => {
  expect(deadLetters({ reason, page: 1 })).toBe(
    deadLetters({ reason: 'A REASON', page: 1 }).replaceAll("'A REASON'", () => sqlText(reason))
  );
});
