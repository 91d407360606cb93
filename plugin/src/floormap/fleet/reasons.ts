import { t } from '@grafana/i18n';
import { showText, UNESCAPED } from '../../grafana/showText';

/** Why robots have no place on the map, in few words that follow a number: "2 no position". */
export const noPosition = once(() => t('map.reason.no_position', 'no position'));
const eventsDeleted = once(() => t('map.reason.deleted', 'the events of this time are deleted'));
export const noMap = once(() => t('map.reason.no_map', 'no map reported'));
/** A position that the contract refuses: most likely of another unit, and a map that holds it shows nothing else. */
export const tooFar = once(() => t('map.reason.too_far', 'position out of range'));
export const notInRange = once(() => t('map.reason.not_in_range', 'no report in this time range'));
export const notSeenYet = once(() => t('map.reason.not_yet', 'not seen yet at this time'));
export const onFloor = perText((mapId) =>
  t('map.reason.on_floor', 'on floor {{floor}}', { floor: showText(mapId), ...UNESCAPED })
);

/** The reasons that the views of the warehouse give; another query's own words stay as they are. */
export const reportedReason = perText((reason) => {
  if (reason === 'no position') return noPosition();
  if (reason === 'the events of this time are deleted') return eventsDeleted();
  const minutes = /^no position in the (\d+) minutes before$/.exec(reason)?.[1];
  return minutes === undefined
    ? reason
    : t('map.reason.no_position_before', 'no position in the {{minutes}} minutes before', { minutes });
});

/** Looked up once: thousands of robots have the same reason, at each refresh. */
function once(text: () => string): () => string {
  let found: string | undefined;
  return () => (found ??= text());
}

function perText(text: (of: string) => string): (of: string) => string {
  const found = new Map<string, string>();
  return (of) => {
    const known = found.get(of) ?? text(of);
    found.set(of, known);
    return known;
  };
}
