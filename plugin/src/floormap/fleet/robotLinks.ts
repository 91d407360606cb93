import type { DataFrame, LinkModel } from '@grafana/data';
import type { Fleet } from './fleet';

/** Data links that the panel's field configuration gives this robot's row. */
export function robotLinks(frame: DataFrame | null, fleet: Fleet, robot: number): LinkModel[] {
  const valueRowIndex = fleet.rows[robot];
  if (!frame || valueRowIndex === undefined) return [];
  const links = frame.fields.flatMap((field) => field.getLinks?.({ valueRowIndex }) ?? []);
  // A link that is set for all fields comes once for each.
  return links.filter(
    (link, k) => links.findIndex(({ href, title }) => href === link.href && title === link.title) === k
  );
}
