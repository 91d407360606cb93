import { ROBOT_LINKS } from '../grafana/externalLinks';
import { MAP_FIELDS, mapFieldConfig, robotDataLinks, robotLinks } from './robotLinks';

afterEach(() => {
  ROBOT_LINKS.list = [];
});

/** As Grafana calls back for a row: it replaces what it knows. */
function hrefOf(row: Record<string, string | null>, fields = MAP_FIELDS): string[] {
  const replaceVariables = (text: string) =>
    text.replace(/\$\{__data\.fields\.(\w+):percentencode\}/g, (all, name: string) =>
      name in row ? encodeURIComponent(row[name] ?? '') : all
    );
  return robotDataLinks(fields).map(({ onBuildUrl }) => onBuildUrl?.({ origin: null, replaceVariables }) ?? 'none');
}

it('adds no link to a table or a map where Setup has none', () => {
  expect(robotDataLinks(MAP_FIELDS)).toEqual([]);
  expect(mapFieldConfig()).toEqual({ defaults: {}, overrides: [] });
  expect(robotLinks({ robot_id: 'a' })).toEqual([]);
});

it('links each row, and leaves a link out whose value the row does not have', () => {
  ROBOT_LINKS.list = [
    { title: 'FMS', template: 'https://fms/robots/{robot_id}?map={map_id}' },
    { title: 'Site', template: 'https://fms/sites/{site_id}' },
    { title: 'Script', template: 'javascript:alert(1)' },
  ];
  expect(hrefOf({ robot_id: 'a/1', map_id: 'hall' })).toEqual(['https://fms/robots/a%2F1?map=hall', '', '']);
  expect(hrefOf({ robot_id: 'a', map_id: null })).toEqual(['', '', '']);
  expect(mapFieldConfig().defaults.links?.map(({ title }) => title)).toEqual(['FMS', 'Site', 'Script']);
  expect(robotLinks({ robot_id: 'a', site_id: 'b1' })).toEqual([{ title: 'Site', href: 'https://fms/sites/b1' }]);
});
