import { toDataFrame } from '@grafana/data';
import { testFleet } from '../fleet/testFleet';
import { annotationsInTime } from './useAnnotations';
import { readAnnotations } from './readAnnotations';

const fields = (name: string, ...values: unknown[]) => ({ name, values });
const annotations = readAnnotations(
  [
    toDataFrame({
      fields: [
        fields('time', 200, 100, 50, 301, 90, NaN),
        fields('timeEnd', null, null, 150, 400, 99, null),
        fields('title', 'b', 'a', 'region', 'later', 'before', 'no time'),
        fields('x', 1, 1, 1, 1, 1, 1),
        fields('y', 1, 1, 1, 1, 1, 1),
      ],
    }),
  ],
  testFleet([]),
  new Uint8Array(0),
  null
);
const titles = (untilMs = Infinity) => annotationsInTime(annotations, 100, 300, untilMs).map(({ title }) => title);

it('takes those of the range, and regions that reach into it', () => {
  expect(titles()).toEqual(['region', 'a', 'b']);
});

it('takes what has begun at the played-back moment', () => {
  expect(titles(100)).toEqual(['region', 'a']);
  expect(titles(99)).toEqual(['region']);
});
