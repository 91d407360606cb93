import { t } from '@grafana/i18n';
import { problemOfTemplate } from '../grafana/externalLinks';
import type { SetupSettings } from '../grafana/settings';
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

/**
 * The settings without what is wrong with them: provisioning may write anything. Shifts count only as a whole: a plan of some of them
 * would be another plan.
 */
export function soundSettings(
  saved: SetupSettings
): SetupSettings & Required<Pick<SetupSettings, 'shifts' | 'sites' | 'links'>> {
  const typed = typedSettings(saved);
  const problems = problemsOf(typed);
  const isGood = (field: string) => !Object.keys(problems).some((one) => one === field || one.startsWith(`${field}.`));
  const good = <Row>(name: string, rows: Row[]) => rows.filter((_, k) => isGood(`${name}.${k}`));
  const { lowBatteryPercent, timeZone, ...rest } = typed;
  return {
    ...rest,
    ...(lowBatteryPercent !== undefined && isGood('lowBattery') ? { lowBatteryPercent } : {}),
    ...(timeZone !== undefined && isGood('timeZone') ? { timeZone } : {}),
    shifts: isGood('shifts') ? typed.shifts : [],
    sites: good('sites', typed.sites),
    links: good('links', typed.links),
  };
}

/** The same, each of its type: what has another type is left out, a row without one of its texts has it empty. */
export function typedSettings(
  saved: SetupSettings
): SetupSettings & Required<Pick<SetupSettings, 'shifts' | 'sites' | 'links'>> {
  const { clickhouseUid, prometheusUid, lowBatteryPercent, timeZone, shifts, sites, links } = saved;
  return {
    ...(typeof clickhouseUid === 'string' ? { clickhouseUid } : {}),
    ...(typeof prometheusUid === 'string' ? { prometheusUid } : {}),
    ...(typeof lowBatteryPercent === 'number' ? { lowBatteryPercent } : {}),
    ...(typeof timeZone === 'string' && timeZone !== '' ? { timeZone } : {}),
    shifts: rowsOf(shifts, ['name', 'start']),
    sites: rowsOf(sites, ['id', 'name']),
    links: rowsOf(links, ['title', 'template']),
  };
}

function rowsOf<Column extends string>(saved: unknown, columns: readonly Column[]): Array<Record<Column, string>> {
  if (!Array.isArray(saved)) return [];
  return saved
    .filter((row): row is Record<string, unknown> => typeof row === 'object' && row !== null)
    .map((row) => {
      const cells = columns.map((column) => [column, typeof row[column] === 'string' ? row[column] : '']);
      return Object.fromEntries(cells) as Record<Column, string>;
    });
}
