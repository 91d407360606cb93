import { getTimeZoneInfo } from '@grafana/data';
import { t } from '@grafana/i18n';
import { problemOfTemplate } from '../grafana/externalLinks';
import type { SetupSettings } from '../grafana/dataSources';
import { showText, UNESCAPED } from '../grafana/showText';

/** What is wrong with a setting, by its field: `shifts.0.start` is the start of the first shift. */
export type Problems = Readonly<Record<string, string>>;

/** Empty for settings that can be saved. It reads each row once: provisioning may have written thousands. */
export function problemsOf({ lowBatteryPercent, timeZone, shifts, sites, links }: SetupSettings): Problems {
  const starts = new Map<string, string>();
  const siteIds = new Set<string>();
  const entries: Array<[string, string]> = [
    ['lowBattery', lowBatteryPercent === undefined ? '' : problemOfPercent(lowBatteryPercent)],
    ['timeZone', isTimeZone(timeZone) ? '' : unknownZone(timeZone)],
    ...(shifts ?? []).flatMap(({ name, start }, k): Array<[string, string]> => [
      [`shifts.${k}.name`, name.trim() === '' ? t('setup.shifts.nameless', 'Enter a name.') : ''],
      [`shifts.${k}.start`, problemOfStart(name, start, starts)],
    ]),
    ...(sites ?? []).flatMap(({ id, name }, k): Array<[string, string]> => [
      [`sites.${k}.id`, problemOfSite(id, siteIds)],
      [`sites.${k}.name`, name.trim() === '' ? t('setup.sites.nameless', 'Enter a name.') : ''],
    ]),
    ...(links ?? []).flatMap(({ title, template }, k): Array<[string, string]> => [
      [`links.${k}.title`, title.trim() === '' ? t('setup.links.nameless', 'Enter a title.') : ''],
      [`links.${k}.template`, problemOfTemplate(template)],
    ]),
  ];
  return Object.fromEntries(entries.filter(([, problem]) => problem !== ''));
}

function problemOfPercent(percent: number): string {
  return percent >= 1 && percent <= 99 ? '' : t('setup.battery.range', 'Enter a number from 1 to 99.');
}

/** '' is that of each viewer. Browsers know more than Grafana, such as `+02:00`: Grafana would show the times of UTC. */
function isTimeZone(timeZone = ''): boolean {
  try {
    return timeZone === '' || Boolean(new Intl.DateTimeFormat('en', { timeZone }) && getTimeZoneInfo(timeZone, 0));
  } catch {
    return false;
  }
}

function unknownZone(timeZone = ''): string {
  return t('setup.shifts.unknown_zone', '{{timeZone}} is not a time zone. Choose one, such as Europe/Berlin.', {
    timeZone: showText(timeZone),
    ...UNESCAPED,
  });
}

/** @param before the names of earlier shifts by their start; gets this one */
function problemOfStart(name: string, start: string, before: Map<string, string>): string {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(start)) {
    return t('setup.shifts.no_time', 'Enter a time of day, such as 06:00.');
  }
  const same = before.get(start);
  if (same === undefined) {
    before.set(start, name);
    return '';
  }
  return t('setup.shifts.same', '{{shift}} starts at this time too.', { shift: showText(same), ...UNESCAPED });
}

/** @param before the ids of earlier sites; gets this one */
function problemOfSite(id: string, before: Set<string>): string {
  if (id === '') return t('setup.sites.no_id', 'Enter the id that robots report as site_id.');
  if (!before.has(id)) {
    before.add(id);
    return '';
  }
  return t('setup.sites.twice', '{{site}} already has a name.', { site: showText(id), ...UNESCAPED });
}
