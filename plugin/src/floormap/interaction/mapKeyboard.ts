import { panBy, zoomAt, type Viewport } from '../geometry/viewport';
import type { Tool } from './mapPointer';

export const ZOOM_STEP = 1.4;
/** Share of the panel that one press of an arrow key moves. */
const PAN_SHARE = 0.12;

export const KEYBOARD_HELP =
  'Arrow keys move, plus and minus zoom, 0 fits. N and P go to the next and previous robot, Enter selects it, O follows it, the menu key opens its menu, Escape clears, slash finds a robot by its id. Z and Shift Z select the robots of the next and previous zone. A and Shift A go to the next and previous annotation. L draws a lasso. M measures: Enter sets a point at the robot in focus, or in the middle of the map.';

export interface KeyActions {
  move: (view: Viewport) => void;
  fit: () => void;
  /** Goes to the next (1) or previous (−1) robot. */
  step: (direction: 1 | -1) => void;
  pick: () => void;
  clear: () => void;
  find: () => void;
  /** Follows the robot in focus, or nobody any more. */
  follow: () => void;
  /** Selects the robots of the next (1) or previous (−1) zone. */
  zone: (direction: 1 | -1) => void;
  /** Goes to the next (1) or previous (−1) annotation. */
  annotation: (direction: 1 | -1) => void;
  tool: (tool: Tool) => void;
}

/** Does what a key means on the map; false when it means nothing there. */
export function handleKey(key: string, view: Viewport, actions: KeyActions): boolean {
  const centre = { xPx: view.widthPx / 2, yPx: view.heightPx / 2 };
  const [dx, dy] = [view.widthPx * PAN_SHARE, view.heightPx * PAN_SHARE];
  const meanings: Record<string, () => void> = {
    ArrowLeft: () => actions.move(panBy(view, dx, 0)),
    ArrowRight: () => actions.move(panBy(view, -dx, 0)),
    ArrowUp: () => actions.move(panBy(view, 0, dy)),
    ArrowDown: () => actions.move(panBy(view, 0, -dy)),
    '+': () => actions.move(zoomAt(view, ZOOM_STEP, centre)),
    '=': () => actions.move(zoomAt(view, ZOOM_STEP, centre)),
    '-': () => actions.move(zoomAt(view, 1 / ZOOM_STEP, centre)),
    '0': actions.fit,
    f: actions.fit,
    n: () => actions.step(1),
    p: () => actions.step(-1),
    Enter: actions.pick,
    ' ': actions.pick,
    Escape: actions.clear,
    '/': actions.find,
    o: actions.follow,
    z: () => actions.zone(1),
    Z: () => actions.zone(-1),
    a: () => actions.annotation(1),
    A: () => actions.annotation(-1),
    l: () => actions.tool('lasso'),
    m: () => actions.tool('measure'),
  };
  const meaning = meanings[key];
  meaning?.();
  return meaning !== undefined;
}
