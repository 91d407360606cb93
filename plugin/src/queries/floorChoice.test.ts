import { HOSTILE } from '@floorwatch/contract/hostile-texts';
import { rangeBefore, readFloorChoice } from './floorChoice';

const choiceOf = (query: string) => readFloorChoice(new URLSearchParams(query));
const RANGE = { fromMs: 100_000_000, toMs: 200_000_000 };

it('compares with nothing, a span earlier, or a range of its own', () => {
  expect(rangeBefore(RANGE, choiceOf(''))).toBeNull();
  expect(rangeBefore(RANGE, choiceOf('compare=1d'))).toEqual({ fromMs: 13_600_000, toMs: 113_600_000 });
  expect(rangeBefore(RANGE, choiceOf('compare=own&compareFrom=5&compareTo=9'))).toEqual({ fromMs: 5, toMs: 9 });
  expect(rangeBefore(RANGE, choiceOf('compare=own&compareFrom=9&compareTo=5'))).toBeNull();
});

it.each([...HOSTILE.map(({ text }) => text), 'toString', 'Infinity', '-1'])('takes %j for the default', (text) => {
  const choice = readFloorChoice(
    new URLSearchParams({ measure: text, compare: text, compareFrom: text, compareTo: text })
  );
  expect(choice).toMatchObject({ measure: 'congestion', compare: '' });
  expect(Number.isSafeInteger(choice.ownFromMs) && choice.ownFromMs >= 0).toBe(true);
});
