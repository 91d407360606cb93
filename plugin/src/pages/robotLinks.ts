import type { DataLink, FieldConfigSource } from '@grafana/data';
import { addressOfLink, PLACEHOLDERS, ROBOT_LINKS, type LinkValues } from '../grafana/externalLinks';
import { showText } from '../grafana/showText';

type Fields = Partial<Record<(typeof PLACEHOLDERS)[number], string>>;

/** The columns of a map's rows that links read. */
export const MAP_FIELDS = { robot_id: 'robot_id', map_id: 'map_id' } satisfies Fields;

/** The links of Setup for one robot; without those that need a value which it does not have. */
export function robotLinks(values: LinkValues): Array<{ title: string; href: string }> {
  return ROBOT_LINKS.list.flatMap(({ title, template }) => {
    const href = addressOfLink(template, values);
    return href === null ? [] : [{ title: showText(title), href }];
  });
}

/**
 * The same for each row of a table or a map. Grafana shows no link without an address.
 * @param fields the columns that have the values
 */
export function robotDataLinks(fields: Fields): DataLink[] {
  return ROBOT_LINKS.list.map(({ title, template }) => ({
    // Grafana would replace its own variables in it.
    title: showText(title).replaceAll('$', '＄'),
    url: '',
    targetBlank: true,
    onBuildUrl: ({ replaceVariables }) => {
      const values = Object.entries(fields).map(([placeholder, field]): [string, string] => {
        const expression = `\${__data.fields.${field}:percentencode}`;
        const encoded = replaceVariables?.(expression) ?? expression;
        return [placeholder, encoded === expression ? '' : decodeURIComponent(encoded)];
      });
      return addressOfLink(template, Object.fromEntries(values)) ?? '';
    },
  }));
}

/** For a floor map of the pages: the links of Setup in the menu of each robot. */
export function mapFieldConfig(): FieldConfigSource {
  const links = robotDataLinks(MAP_FIELDS);
  return { defaults: links.length === 0 ? {} : { links }, overrides: [] };
}
