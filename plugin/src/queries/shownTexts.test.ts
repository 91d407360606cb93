import { toDataFrame } from '@grafana/data';
import { showFrame } from './shownTexts';

it('escapes what is not seen in each text but the ids that links read', () => {
  const frame = toDataFrame({
    fields: [
      { name: 'robot_id', values: ['a\u202eb'] },
      { name: 'Robot', values: ['a\u202eb'] },
      { name: 'Battery', values: [5] },
    ],
  });
  expect(showFrame(frame).fields.map(({ values }) => values[0])).toEqual(['a\u202eb', 'a\\u{202e}b', 5]);
});

it('leaves a frame as it is that needs nothing', () => {
  const frame = toDataFrame({ fields: [{ name: 'Robot', values: ['amr-1', null] }] });
  expect(showFrame(frame)).toBe(frame);
});
