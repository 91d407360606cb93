import { HOSTILE } from '@floorwatch/contract/hostile-texts';
import { AppPlugin, dateTime, toDataFrame } from '@grafana/data';
import pluginJson from '../plugin.json';
import { addLinks } from './links';
import { mapOfRobots, robotIdsIn } from './robotsOfContext';

const plugin = new AppPlugin();
addLinks(plugin);
const links = plugin.addedLinkConfigs;
const linkOf = (title: string) => links.find((link) => link.title === title);
const hour = { from: 'now-1h', to: 'now' };

it('registers each link that plugin.json lists', () => {
  const registered = links.map(({ title, targets, description }) => ({
    title,
    targets: [targets].flat(),
    description,
  }));
  expect(pluginJson.extensions.addedLinks).toEqual(registered);
});

it('leads to pages of this app only: Grafana drops a link to another place', () => {
  // Those of the command palette have an action instead.
  expect(links.filter(({ path, onClick }) => !onClick && !path?.startsWith(`/a/${pluginJson.id}/`))).toEqual([]);
});

it('finds robots in rows and in labels of series, each once', () => {
  const table = toDataFrame({
    fields: [
      { name: 'robot_id', values: ['a', 'b', 'a', null, ''] },
      { name: 'battery', values: [1, 2, 3, 4, 5] },
    ],
  });
  const series = toDataFrame({ fields: [{ name: 'value', labels: { robot_id: 'c' }, values: [1] }] });
  expect(robotIdsIn([table, series])).toEqual(['a', 'b', 'c']);
});

it('offers the map where rows name robots, and nowhere else', () => {
  const configure = linkOf('Show on floor map')?.configure;
  const context = (fields: object[]) => ({ data: { series: [toDataFrame({ fields } as never)] }, timeRange: hour });
  expect(configure?.(context([{ name: 'battery', values: [1] }]))).toBeUndefined();
  expect(configure?.(context([{ name: 'robot_id', values: [] }]))).toBeUndefined();
  expect(configure?.({ timeRange: hour })).toBeUndefined();
  expect(configure?.(undefined)).toBeUndefined();
  expect(configure?.(context([{ name: 'robot_id', values: ['a/1', 'b'] }]))?.path).toBe(
    `/a/${pluginJson.id}/fleet?var-robot=a%2F1&var-robot=b&from=now-1h&to=now`
  );
});

it('opens the map without a selection where the robots are too many for an address', () => {
  const many = Array.from({ length: 5_000 }, (_, k) => `robot-with-a-long-name-${k}`);
  const found = robotIdsIn([toDataFrame({ fields: [{ name: 'robot_id', values: many }] })]);
  expect(found.length).toBeLessThan(1_000);
  const path = mapOfRobots(found, { from: dateTime(5), to: dateTime(7) });
  expect(path).toBe(`/a/${pluginJson.id}/fleet?from=5&to=7`);
});

it.each(HOSTILE.map(({ why, text }) => [why, text]))('a robot id stays one value: %s', (_, text) => {
  const path = mapOfRobots([text], { from: dateTime(5), to: dateTime(7) });
  expect(new URL(path, 'http://grafana').searchParams.getAll('var-robot')).toEqual([text]);
});
