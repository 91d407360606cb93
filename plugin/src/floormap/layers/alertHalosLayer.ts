import { toScreen } from '../geometry/viewport';
import { statusIndex } from '../fleet/status';
import type { MapLayer } from './mapLayer';

const ERROR = statusIndex('error');
const SILENT = statusIndex('silent');
/** With more alerts than this, halos of silent robots would be one red area: their markers and the counts say it. */
const MANY_ALERTS = 50;

/** A red halo around each robot that an alert fires for. */
export const alertHalosLayer: MapLayer = {
  name: 'alerts',
  canvas: 'robots',
  shows: ['alertingIds'],
  create:
    () =>
    (pen, { view, robots, markerPx, scene: { alertingIds, palette } }) => {
      if (alertingIds.size === 0) return;
      const isMass = alertingIds.size > MANY_ALERTS;
      pen.strokeStyle = palette.statusFill[ERROR] ?? '';
      robots.fleet.robotIds.forEach((robotId, i) => {
        if (robots.isShown[i] !== 1 || !alertingIds.has(robotId)) return;
        if (isMass && robots.fleet.statuses[i] === SILENT) return;
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
