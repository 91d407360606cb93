import { t } from '@grafana/i18n';
import { problemOfTemplate } from '../grafana/externalLinks';
import type { SetupSettings } from '../grafana/dataSources';
import { showText, UNESCAPED } from '../grafana/showText';

/** What is wrong with a setting, by its field: `shifts.0.start` is the start of the first shift. */
export type Problems = Readonly<Record<string, string>>;

/** Empty for settings that can be saved. */
export function problemsOf({ lowBatteryPercent, timeZone, shifts, sites, links }: SetupSettings): Problems {
  const entries: Array<[string, string]> = [
    ['lowBattery', lowBatteryPercent === undefined ? '' : problemOfPercent(lowBatteryPercent)],
    ['timeZone', timeZone === undefined ? '' : problemOfTimeZone(timeZone)],
    ...(shifts ?? []).flatMap(({ name, start }, k, all): Array<[string, string]> => [
      [`shifts.${k}.name`, name.trim() === '' ? t('setup.shifts.nameless', 'Enter a name.') : ''],
      [`shifts.${k}.start`, problemOfStart(start, all.slice(0, k))],
    ]),
    ...(sites ?? []).flatMap(({ id, name }, k, all): Array<[string, string]> => [
      [`sites.${k}.id`, problemOfSite(id, all.slice(0, k))],
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

function problemOfTimeZone(timeZone: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return '';
  } catch {
    return t('setup.shifts.unknown_zone', '{{timeZone}} is no time zone. Choose one, such as Europe/Berlin.', {
      timeZone: showText(timeZone),
      ...UNESCAPED,
    });
  }
}

function problemOfStart(start: string, before: ReadonlyArray<{ name: string; start: string }>): string {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(start)) {
    return t('setup.shifts.no_time', 'Enter a time of day, such as 06:00.');
  }
  const same = before.find((one) => one.start === start);
  if (!same) return '';
  return t('setup.shifts.same', '{{shift}} starts at this time too.', { shift: showText(same.name), ...UNESCAPED });
}

function problemOfSite(id: string, before: ReadonlyArray<{ id: string }>): string {
  if (id === '') return t('setup.sites.no_id', 'Enter the id that robots report as site_id.');
  if (!before.some((one) => one.id === id)) return '';
  return t('setup.sites.twice', '{{site}} already has a name.', { site: showText(id), ...UNESCAPED });
}
