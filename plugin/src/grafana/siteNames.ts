import { MappingType, type ValueMapping } from '@grafana/data';
import { showText } from './showText';

/** Names of sites by id, as Setup has them. */
let names: ReadonlyMap<string, string> = new Map();

export function chooseSiteNames(sites: ReadonlyArray<{ id: string; name: string }>): void {
  names = new Map(sites.map(({ id, name }) => [id, name]));
}

/** What people read of a site: its name in Setup, else its id. */
export function siteName(siteId: string): string {
  return showText(names.get(siteId) ?? siteId);
}

export function hasSiteNames(): boolean {
  return names.size > 0;
}

/** The same for a column with ids of sites. */
export function siteMappings(): ValueMapping[] {
  // A text that showText changes is changed before the panel maps it.
  const options = Object.fromEntries([...names].map(([id], index) => [showText(id), { text: siteName(id), index }]));
  return names.size === 0 ? [] : [{ type: MappingType.ValueToText, options }];
}
