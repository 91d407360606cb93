import { t } from '@grafana/i18n';
import { VizPanel } from '@grafana/scenes';
import { FLOOR_MAP_PANEL } from '../../grafana/identifiers';
import { FLEET_NOW, fleetThen } from '../../queries/fleet';
import { fleetAt } from '../../queries/fleetAt';
import { mapFieldConfig } from '../robotLinks';
import { rowsAtMoment } from './momentRunner';

/** The floor map; what is selected on it becomes the page's robot variable. */
export function floorMapPanel(): VizPanel {
  return new VizPanel({
    key: 'floor-map',
    pluginId: FLOOR_MAP_PANEL,
    fieldConfig: mapFieldConfig(),
    title: t('fleet.map.title', 'Floor map'),
    $data: rowsAtMoment(({ atMs }) => (Number.isNaN(atMs) ? FLEET_NOW : fleetThen(fleetAt(atMs)))),
    options: { selectionVariable: 'robot' },
  });
}
