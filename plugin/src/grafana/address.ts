import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { config, locationService } from '@grafana/runtime';
import { FLEET_URL, ROBOT_URL } from './identifiers';

/**
 * The page's address holds what a colleague needs to see the same. Invariants: what a person decides is a step that Back
 * takes back; what happens by itself (a playback that runs) is none; and no address is longer than proxies and chats bear.
 */

/** Values by the name of their parameter; null and [] remove it. */
type Parameters = Readonly<Record<string, string | readonly string[] | null>>;

/** Of one parameter with all its values. Proxies refuse about 8,000, chats and mail cut links earlier. */
export const MOST_CHARACTERS = 2_000;

/** The moment that the map plays back, in milliseconds; 0 before there is one. Without it, the map is live. */
export const PLAYBACK = 'playback';

/** An address of this Grafana, with the values escaped: an id may hold `/`, `&` or `#`. */
export function addressOf(path: string, parameters: Parameters): string {
  const query = queryOf(parameters);
  return query === '' ? path : `${path}?${query}`;
}

/**
 * An address that keeps what is chosen on the page that leads to it: time range, selection, filters.
 * @param search the parameters of that page @param changes null removes a parameter
 */
export function addressWithAll(path: string, search: URLSearchParams, changes: Parameters): string {
  const kept = [...search].filter(([name]) => !(name in changes)).map(([name, value]) => queryOf({ [name]: value }));
  const query = [...kept, queryOf(changes)].filter((part) => part !== '').join('&');
  return query === '' ? path : `${path}?${query}`;
}

/** The page that shows this robot on the floor map. */
export function addressOfRobot(robotId: string): string {
  return addressOf(FLEET_URL, { 'var-robot': robotId });
}

/** What a list has of its own, and what names a robot or a moment. */
const NOT_KEPT = ['var-robot', 'playback', 'from', 'to', 'refresh', 'search', 'status', 'sort', 'order', 'page'];

/** The same as a data link of Grafana, which keeps the time range and the filters. The table has the ids in the column `robot_id`. */
export const ROBOT_LINK = `${FLEET_URL}\${__url.params:exclude:${NOT_KEPT.join(',')}}&${[
  'var-robot=${__data.fields.robot_id:percentencode}',
  '${__url_time_range}',
].join('&')}`;

/** The page about the robot of a row, as a data link. */
export const ROBOT_PAGE_LINK = `${ROBOT_URL}?id=\${__data.fields.robot_id:percentencode}&\${__url_time_range}`;

/** The map in a past time range, with the robot of a row selected and the playback at a moment of it, as a data link. */
export const PLAYBACK_LINK = `${FLEET_URL}?${[
  'var-robot=${__data.fields.robot_id:percentencode}',
  'from=${__data.fields.from_ms:percentencode}',
  'to=${__data.fields.to_ms:percentencode}',
  `${PLAYBACK}=\${__data.fields.started_ms:percentencode}`,
].join('&')}`;

/** Whether an address can hold these values. */
export function fitsAddress(name: string, values: readonly string[]): boolean {
  return queryOf({ [name]: values }).length <= MOST_CHARACTERS;
}

/**
 * Changes parameters of the address; nothing when they have these values.
 * @param step whether Back comes back to the address as it is
 */
export function changeAddress(parameters: Parameters, step: 'new step' | 'same step'): void {
  const search = locationService.getSearch();
  const isSame = Object.entries(parameters).every(
    ([name, value]) => queryOf({ [name]: search.getAll(name) }) === queryOf({ [name]: value })
  );
  if (isSame) return;
  const changed = Object.entries(parameters).map(([name, value]) => [
    name,
    [value ?? []].flat().length > 0 ? value : null,
  ]);
  locationService.partial(Object.fromEntries(changed), step === 'same step');
}

/** All values of a parameter of the address as `name=a&name=b`; '' for none. Rendered again when they change. */
export function useAddress(name: string): string {
  const listen = useCallback(
    (onChange: () => void) => (name === '' ? () => undefined : locationService.getHistory().listen(onChange)),
    [name]
  );
  return useSyncExternalStore(listen, () =>
    name === '' ? '' : queryOf({ [name]: locationService.getSearch().getAll(name) })
  );
}

/** All parameters of the address. Rendered again when they change. */
export function useWholeAddress(): URLSearchParams {
  const listen = useCallback((onChange: () => void) => locationService.getHistory().listen(onChange), []);
  const search = useSyncExternalStore(listen, () => locationService.getLocation().search);
  return useMemo(() => new URLSearchParams(search), [search]);
}

function queryOf(parameters: Parameters): string {
  const pairs = Object.entries(parameters).flatMap(([name, value]) => [value ?? []].flat().map((one) => [name, one]));
  return new URLSearchParams(pairs).toString();
}

/** Whether a link leads to a page: another scheme, such as `javascript:`, would run in the viewer's session. */
export function isSafeLink(href: string): boolean {
  try {
    return ['http:', 'https:', 'mailto:'].includes(new URL(href, window.location.href).protocol);
  } catch {
    return false;
  }
}

/**
 * Whether somebody sees this dashboard who may be nobody: by its external link (Grafana's public dashboards), or as a snapshot.
 * Grafana answers the panels' own queries there, and refuses everything else to a visitor who is not signed in.
 */
export function isSharedView(): boolean {
  if (config.publicDashboardAccessToken) return true;
  return locationService.getLocation().pathname.startsWith('/dashboard/snapshot/');
}
