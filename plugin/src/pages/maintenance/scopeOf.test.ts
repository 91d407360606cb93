import { getDefaultTimeRange, toDataFrame } from '@grafana/data';
import { askOnce } from '../../queries/askOnce';
import { readChoice } from '../../queries/robotList';
import { scopeOf } from './scopeOf';

jest.mock('../../queries/askOnce');
const answer = (robots: number) =>
  jest.mocked(askOnce).mockResolvedValue(
    toDataFrame({
      fields: [
        { name: 'robot_id', values: Array.from({ length: robots }, (_, i) => `amr-${i}`) },
        { name: 'site', values: Array.from({ length: robots }, () => 'here') },
      ],
    })
  );
const of = (search: string) => scopeOf(readChoice(new URLSearchParams(search)), getDefaultTimeRange());

it('is about the robots of the list, each with its site', async () => {
  answer(2);
  const robots = [0, 1].map((i) => ({ robotId: `amr-${i}`, site: 'here' }));
  expect(await of('status=error')).toEqual({ kind: 'robots', robots });
});

it.each([
  ['no robot, because the last one has left the list since it was read', 0, 'no robot matches'],
  ['more robots than a silence may name', 501, 'more than 500'],
])('is no stop of %s', async (_, robots, reason) => {
  answer(robots);
  await expect(of('status=error')).rejects.toThrow(reason);
});
