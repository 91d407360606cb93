import { chooseDataSources, type SetupSettings } from '../grafana/dataSources';
import { ROBOT_LINKS } from '../grafana/externalLinks';
import { chooseSiteNames } from '../grafana/siteNames';
import { setBatteryThresholds } from '../pages/statusMappings';
import { LOW_BATTERY, USUAL_LOW_BATTERY_PERCENT } from '../queries/lowBattery';
import { chooseShifts } from '../queries/shifts';
import { problemsOf } from './problems';

/** Makes the pages follow the settings of the organisation. Call it before the pages are made: they are made with what holds then. */
export function applySettings(saved: SetupSettings): void {
  const settings = soundSettings(saved);
  chooseDataSources(settings);
  LOW_BATTERY.percent = settings.lowBatteryPercent ?? USUAL_LOW_BATTERY_PERCENT;
  setBatteryThresholds(LOW_BATTERY.percent);
  chooseShifts(settings.shifts, settings.timeZone ?? '');
  chooseSiteNames(settings.sites);
  ROBOT_LINKS.list = settings.links;
}

/**
 * The settings without what is wrong with them: provisioning may write anything. Shifts count only as a whole: a plan of some of them
 * would be another plan.
 */
export function soundSettings(
  saved: SetupSettings
): SetupSettings & Required<Pick<SetupSettings, 'shifts' | 'sites' | 'links'>> {
  const typed = typedSettings(saved);
  // `shifts.0.start` is also a problem of `shifts.0` and of `shifts`.
  const wrong = new Set(
    Object.keys(problemsOf(typed)).flatMap((field) =>
      field.split('.').map((_, k, parts) => parts.slice(0, k + 1).join('.'))
    )
  );
  const isGood = (field: string) => !wrong.has(field);
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

/**
 * The same, each of its type: what has another type is left out, a row without one of its texts has it empty. A limit that is not a
 * number is NaN, so that Setup says so: it may be the text of a variable in provisioning.
 */
export function typedSettings(
  saved: SetupSettings
): SetupSettings & Required<Pick<SetupSettings, 'shifts' | 'sites' | 'links'>> {
  const { clickhouseUid, prometheusUid, lowBatteryPercent, timeZone, shifts, sites, links } = saved;
  return {
    ...(typeof clickhouseUid === 'string' ? { clickhouseUid } : {}),
    ...(typeof prometheusUid === 'string' ? { prometheusUid } : {}),
    ...(isAbsent(lowBatteryPercent)
      ? {}
      : { lowBatteryPercent: typeof lowBatteryPercent === 'number' ? lowBatteryPercent : NaN }),
    ...(typeof timeZone === 'string' && timeZone !== '' ? { timeZone } : {}),
    shifts: rowsOf(shifts, ['name', 'start']),
    sites: rowsOf(sites, ['id', 'name']),
    links: rowsOf(links, ['title', 'template']),
  };
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
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
