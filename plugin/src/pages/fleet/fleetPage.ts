import { SceneAppPage } from '@grafana/scenes';
import { FLEET_URL } from '../../grafana/identifiers';
import { fleetScene } from './fleetScene';

export function fleetPage(): SceneAppPage {
  return new SceneAppPage({
    title: 'Fleet',
    url: FLEET_URL,
    routePath: 'fleet',
    getScene: fleetScene,
  });
}
