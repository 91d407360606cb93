import { t } from '@grafana/i18n';
import { SceneAppPage } from '@grafana/scenes';
import { FLEET_URL } from '../../grafana/identifiers';
import { fleetScene } from './fleetScene';

export function fleetPage(): SceneAppPage {
  return new SceneAppPage({
    title: t('pages.fleet.title', 'Fleet'),
    url: FLEET_URL,
    routePath: 'fleet',
    getScene: fleetScene,
  });
}
