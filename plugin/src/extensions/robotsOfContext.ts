import type { DataFrame, RawTimeRange } from '@grafana/data';
import { addressOf, fitsAddress } from '../grafana/address';
import { FLEET_URL } from '../grafana/identifiers';

/** The column, or the label of a series, that names a robot. */
const ROBOT = 'robot_id';
/** More never fit into an address. */
const MOST_ROBOTS = 500;

/** The robots that the rows or series of a panel or of Explore name; each once, at most `MOST_ROBOTS`. */
export function robotIdsIn(frames: readonly DataFrame[]): string[] {
  const ids = new Set<string>();
  for (const { fields } of frames) {
    for (const { name, labels, values } of fields) {
      const labelled = labels?.[ROBOT];
      if (labelled) ids.add(labelled);
      if (name !== ROBOT) continue;
      for (let row = 0; row < values.length && ids.size < MOST_ROBOTS; row++) {
        const id: unknown = values[row];
        if (typeof id === 'string' && id !== '') ids.add(id);
      }
    }
    if (ids.size >= MOST_ROBOTS) break;
  }
  return [...ids];
}

/** The Fleet page with these robots selected, in the time range; with none selected where they are too many for an address. */
export function mapOfRobots(robotIds: readonly string[], range: RawTimeRange): string {
  return addressOf(FLEET_URL, {
    'var-robot': fitsAddress('var-robot', robotIds) ? robotIds : [],
    from: String(range.from.valueOf()),
    to: String(range.to.valueOf()),
  });
}
