import { toScreen } from '../geometry/viewport';
import { statusIndex } from '../fleet/status';
import type { MapLayer } from './mapLayer';

const ERROR = statusIndex('error');

/** A red halo around each robot that an alert fires for. */
export const alertHalosLayer: MapLayer = {
  name: 'alerts',
  canvas: 'robots',
  shows: ['alertingIds'],
  create:
    () =>
    (pen, { view, robots, markerPx, scene: { alertingIds, palette } }) => {
      if (alertingIds.size === 0) return;
      pen.strokeStyle = palette.statusFill[ERROR] ?? '';
      robots.fleet.robotIds.forEach((robotId, i) => {
        if (robots.isShown[i] !== 1 || !alertingIds.has(robotId)) return;
        const at = toScreen(view, { xMetres: robots.xMetres[i] ?? NaN, yMetres: robots.yMetres[i] ?? NaN });
        pen.beginPath();
        pen.arc(at.xPx, at.yPx, markerPx * 0.5 + 7, 0, 2 * Math.PI);
        pen.lineWidth = 5;
        pen.globalAlpha = 0.35;
        pen.stroke();
        pen.globalAlpha = 1;
        pen.lineWidth = 1.5;
        pen.stroke();
      });
    },
};
