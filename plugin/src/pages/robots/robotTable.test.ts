import { applyFieldOverrides, createTheme, FieldType, Registry, toDataFrame, type ScopedVars } from '@grafana/data';
import { sceneGraph } from '@grafana/scenes';
import { ROBOT_LINKS } from '../../grafana/externalLinks';
import { robotTable } from './robotTable';

afterEach(() => {
  ROBOT_LINKS.list = [];
});

/** Those that a table of Grafana keeps of a field. */
const properties = new Registry(() =>
  ['links', 'noValue', 'mappings', 'displayName'].map((id) => ({
    ...{ id, path: id, name: id, process: (value: unknown) => value, shouldApply: () => true },
    ...{ override: () => null, editor: () => null, isCustom: false },
  }))
);

/** The links of each row, as Grafana makes them for the column Links. */
function linksOf(rows: Array<Record<string, string | null>>): Array<string | undefined> {
  const table = robotTable();
  const names = ['robot_id', 'Links', 'link_site', 'link_map', 'link_fleet'];
  const fields = names.map((name) => ({
    ...{ name, type: FieldType.string, config: {} },
    values: rows.map((row) => row[name] ?? null),
  }));
  const [frame] = applyFieldOverrides({
    data: [toDataFrame({ fields })],
    fieldConfig: table.state.fieldConfig,
    fieldConfigRegistry: properties as never,
    replaceVariables: (text: string, scoped?: ScopedVars, format?: unknown) =>
      sceneGraph.interpolate(table, text, scoped, format as never),
    theme: createTheme(),
  });
  const links = frame?.fields.find(({ name }) => name === 'Links');
  return rows.map((_, valueRowIndex) => links?.getLinks?.({ valueRowIndex })[0]?.href);
}

it('links a robot, and leaves the link out where it lacks a value', () => {
  ROBOT_LINKS.list = [{ title: 'FMS', template: 'https://fms/{robot_id}?at={map_id}' }];
  expect(linksOf([{ robot_id: 'a/1', link_map: 'hall' }, { robot_id: 'b' }])).toEqual([
    'https://fms/a%2F1?at=hall',
    '',
  ]);
});
