import { chooseDataSources } from '../grafana/dataSources';
import { ROBOT_LINKS } from '../grafana/externalLinks';
import type { SetupSettings } from '../grafana/settings';
import { chooseSiteNames } from '../grafana/siteNames';
import { setBatteryThresholds } from '../pages/statusMappings';
import { LOW_BATTERY, USUAL_LOW_BATTERY_PERCENT } from '../queries/lowBattery';
import { chooseShifts } from '../queries/shifts';
import { soundSettings } from './problems';

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
