import { t } from '@grafana/i18n';
import { VizPanel } from '@grafana/scenes';
import { FLOOR_MAP_PANEL } from '../../grafana/identifiers';
import { fleetNow, fleetThen } from '../../queries/fleet';
import { fleetOf } from '../../queries/narrowing';
import { mapFieldConfig } from '../robotLinks';
import { rowsAtMoment } from './momentRunner';

/** The floor map; what is selected on it becomes the page's robot variable. */
export function floorMapPanel(): VizPanel {
  return new VizPanel({
    key: 'floor-map',
    pluginId: FLOOR_MAP_PANEL,
    fieldConfig: mapFieldConfig(),
    title: t('fleet.map.title', 'Floor map'),
    $data: rowsAtMoment(({ atMs, narrowing: { filters } }) => {
      // Selected robots stand among the others.
      const fleet = fleetOf(atMs, { robots: null, filters }, 'warehouse.v_fleet_reports');
      return Number.isNaN(atMs) ? fleetNow(fleet) : fleetThen(fleet);
    }),
    options: { selectionVariable: 'robot' },
  });
}
