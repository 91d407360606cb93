import type { TimeRange } from '@grafana/data';
import { t } from '@grafana/i18n';
import { askOnce } from '../../queries/askOnce';
import { robotsOfList, wholeSiteOf, type RobotListChoice } from '../../queries/robotList';
import type { StopScope } from './silences';

/** A silence names its robots, and every notification is compared with it. More of them stand still as a site. */
const MOST_ROBOTS = 500;

/**
 * What a planned stop of the listed robots is about: a whole site, or these robots wherever they drive to. A zone or a floor is the robots
 * that are in it now.
 * @throws Error when ClickHouse does not answer, or these are too many robots or none any more
 */
export async function scopeOf(choice: RobotListChoice, timeRange: TimeRange): Promise<StopScope> {
  const site = wholeSiteOf(choice);
  if (site !== '') return { kind: 'site', site };
  const { fields, length } = await askOnce(robotsOfList(choice), timeRange);
  // The list on screen is of its last refresh: since then, the last robot may have left it.
  if (length === 0) throw new Error(t('stop.none', 'no robot matches the list any more'));
  if (length > MOST_ROBOTS)
    throw new Error(
      t('stop.too_many', 'these are more than {{most}}. Filter the list by a site, a floor or a zone', {
        most: MOST_ROBOTS,
      })
    );
  const textsOf = (name: string) => fields.find((field) => field.name === name)?.values.map(String) ?? [];
  const sites = textsOf('site');
  return { kind: 'robots', robots: textsOf('robot_id').map((robotId, i) => ({ robotId, site: sites[i] ?? '' })) };
}
