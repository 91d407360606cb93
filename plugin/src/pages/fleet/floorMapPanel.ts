import { VizPanel } from '@grafana/scenes';
import { FLOOR_MAP_PANEL } from '../../grafana/identifiers';
import { FLEET_NOW } from '../../queries/fleet';
import { runRows } from '../../queries/queryRunner';

/** The floor map; what is selected on it becomes the page's robot variable. */
export function floorMapPanel(): VizPanel {
  return new VizPanel({
    key: 'floor-map',
    pluginId: FLOOR_MAP_PANEL,
    title: 'Floor map',
    $data: runRows(FLEET_NOW),
    options: { selectionVariable: 'robot' },
  });
}
