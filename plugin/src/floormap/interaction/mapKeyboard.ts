import { t } from '@grafana/i18n';
import { panBy, type Viewport } from '../geometry/viewport';
import type { MapEvent } from './mapState';

export const ZOOM_STEP = 1.4;
/** Share of the panel that one press of an arrow key moves. */
const PAN_SHARE = 0.12;

export const keyboardHelp = () =>
  t(
    'map.keys',
    'Arrow keys move, plus and minus zoom, 0 fits. N and P go to the next and previous robot, Enter selects it, O follows it, the menu key opens its menu, Escape clears, slash finds a robot by its id, question mark lists the keys. Z and Shift Z select the robots of the next and previous zone. A and Shift A go to the next and previous annotation. L draws a lasso. M measures: Enter sets a point at the robot in focus, or in the middle of the map.'
  );

/** What a key means on the map; null when it means nothing there. */
export function eventOfKey(key: string, { shiftKey, view }: { shiftKey: boolean; view: Viewport }): MapEvent | null {
  const [dx, dy] = [view.widthPx * PAN_SHARE, view.heightPx * PAN_SHARE];
  const move = (dxPx: number, dyPx: number): MapEvent => ({ kind: 'move', view: panBy(view, dxPx, dyPx) });
  const zoom = (factor: number): MapEvent => ({ kind: 'zoom', factor });
  const step = (through: 'robots' | 'zones' | 'annotations', direction: 1 | -1): MapEvent => {
    return { kind: 'step', through, direction };
  };
  const meanings: Partial<Record<string, MapEvent>> = {
    ArrowLeft: move(dx, 0),
    ArrowRight: move(-dx, 0),
    ArrowUp: move(0, dy),
    ArrowDown: move(0, -dy),
    '+': zoom(ZOOM_STEP),
    '=': zoom(ZOOM_STEP),
    '-': zoom(1 / ZOOM_STEP),
    '0': { kind: 'fit' },
    f: { kind: 'fit' },
    n: step('robots', 1),
    p: step('robots', -1),
    z: step('zones', 1),
    Z: step('zones', -1),
    a: step('annotations', 1),
    A: step('annotations', -1),
    Enter: { kind: 'pressEnter', adds: shiftKey },
    ' ': { kind: 'pressEnter', adds: shiftKey },
    Escape: { kind: 'clear' },
    '/': { kind: 'openFind', isOpen: true },
    '?': { kind: 'listKeys', isOpen: true },
    o: { kind: 'toggleFollowing' },
    l: { kind: 'changeTool', tool: 'lasso' },
    m: { kind: 'changeTool', tool: 'measure' },
  };
  return meanings[key] ?? null;
}
