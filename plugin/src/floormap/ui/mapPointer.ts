import { panBy, zoomAt, type ScreenPoint } from '../geometry/viewport';
import { hitTest } from '../geometry/hitTest';
import type { MapEngine } from '../paint/mapEngine';

/** A press that moves less is a click. */
const CLICK_SLACK_PX = 4;
/** Reach beyond the marker's edge, for trackpads and gloves. */
const HIT_SLACK_PX = 5;

export interface PointerActions {
  onHover: (robot: number, at: ScreenPoint) => void;
  /** `robot` is −1 on empty floor; `adds` with Ctrl, Cmd or Shift. */
  onPick: (robot: number, adds: boolean) => void;
  /** The user moved the view: it must be kept. */
  onMoved: () => void;
  wheelZooms: () => boolean;
}

/** Connects mouse, pen and touch to the map. Returns what disconnects them. */
export function attachPointer(surface: HTMLElement, engine: MapEngine, actions: PointerActions): () => void {
  const pressed = new Map<number, ScreenPoint>();
  let travelledPx = 0;
  const at = (event: MouseEvent): ScreenPoint => {
    const box = surface.getBoundingClientRect();
    return { xPx: event.clientX - box.left, yPx: event.clientY - box.top };
  };
  const robotAt = (point: ScreenPoint) => {
    const { xMetres, yMetres, isShown } = engine.painted;
    return hitTest(engine.view, xMetres, yMetres, isShown, point, engine.markerPx / 2 + HIT_SLACK_PX);
  };

  const listeners: { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void } = {
    pointerdown: (event) => {
      if (event.button !== 0) return;
      pressed.set(event.pointerId, at(event));
      travelledPx = 0;
      surface.setPointerCapture(event.pointerId);
    },
    pointermove: (event) => {
      const point = at(event);
      const before = pressed.get(event.pointerId);
      if (!before) return actions.onHover(robotAt(point), point);
      travelledPx += Math.hypot(point.xPx - before.xPx, point.yPx - before.yPx);
      if (travelledPx <= CLICK_SLACK_PX) return;
      drag(event.pointerId, before, point);
      pressed.set(event.pointerId, point);
      actions.onHover(-1, point);
      actions.onMoved();
    },
    pointerup: (event) => {
      if (!pressed.delete(event.pointerId) || travelledPx > CLICK_SLACK_PX) return;
      actions.onPick(robotAt(at(event)), event.ctrlKey || event.metaKey || event.shiftKey);
    },
    pointercancel: (event) => void pressed.delete(event.pointerId),
    pointerleave: (event) => actions.onHover(-1, at(event)),
    dblclick: (event) => {
      engine.setView(zoomAt(engine.view, 2, at(event)));
      actions.onMoved();
    },
    wheel: (event) => {
      // A pinch on a trackpad arrives as a wheel with Ctrl, in finer steps.
      if (!actions.wheelZooms() && !event.ctrlKey) return;
      event.preventDefault();
      const linesToPx = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 30 : 1;
      const steps = Math.max(-300, Math.min(300, event.deltaY * linesToPx)) * (event.ctrlKey ? 4 : 1);
      engine.setView(zoomAt(engine.view, Math.exp(-steps * 0.0018), at(event)));
      actions.onMoved();
    },
  };

  const drag = (pointerId: number, before: ScreenPoint, point: ScreenPoint) => {
    const other = [...pressed].find(([id]) => id !== pointerId)?.[1];
    if (!other) return engine.setView(panBy(engine.view, point.xPx - before.xPx, point.yPx - before.yPx));
    const spread = (p: ScreenPoint) => Math.max(1, Math.hypot(p.xPx - other.xPx, p.yPx - other.yPx));
    const middle = { xPx: (point.xPx + other.xPx) / 2, yPx: (point.yPx + other.yPx) / 2 };
    const panned = panBy(engine.view, (point.xPx - before.xPx) / 2, (point.yPx - before.yPx) / 2);
    engine.setView(zoomAt(panned, spread(point) / spread(before), middle));
  };

  const entries = Object.entries(listeners) as Array<[string, EventListener]>;
  for (const [type, listener] of entries) surface.addEventListener(type, listener, { passive: false });
  return () => entries.forEach(([type, listener]) => surface.removeEventListener(type, listener));
}
