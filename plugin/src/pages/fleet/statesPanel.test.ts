import { toDataFrame } from '@grafana/data';
import { sharesOf } from './statesPanel';

const frame = (weeks: number[], columns: Record<string, number[]>) =>
  toDataFrame({
    refId: 'A',
    fields: [
      { name: 'weeks_ago', values: weeks },
      { name: 'time', values: weeks.map((_, k) => k) },
      ...Object.entries(columns).map(([name, values]) => ({ name, values })),
    ],
  });

it('is 100 % in each row of the range, with the states that occur', () => {
  const shares = sharesOf(
    frame([0, 0, 1], { working: [3, 0, 9], silent: [1, 0, 9], error: [0, 2, 9], idle: [0, 0, 9] })
  );
  expect(shares.fields.map(({ name, values }) => [name, values])).toEqual([
    ['time', [0, 1]],
    ['working', [75, 0]],
    ['silent', [25, 0]],
    ['error', [0, 100]],
  ]);
});

it('has no column without a row of the range', () => {
  expect(sharesOf(frame([1], { working: [3] })).fields).toEqual([]);
});
