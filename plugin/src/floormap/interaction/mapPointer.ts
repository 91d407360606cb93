import type { MapPoint } from '@floorwatch/floorplan/transform';
import { boxBetween } from '../geometry/area';
import { hitTest } from '../geometry/markers';
import { panBy, toMap, zoomAt, type ScreenPoint } from '../geometry/viewport';
import type { MapEngine } from '../engine/mapEngine';
import { NOWHERE } from './hover';
import type { Tool } from './mapState';

/** A press that moves less is a click. */
const CLICK_SLACK_PX = 4;
/** Reach beyond the marker's edge, for trackpads and gloves. */
const HIT_SLACK_PX = 5;

/** A menu that opens without a press shortly before was asked for by a key. */
const PRESS_OPENS_MS = 500;

export interface PointerActions {
  onHover: (robot: number, at: ScreenPoint) => void;
  /** `robot` is −1 on empty floor; `adds` with Ctrl, Cmd or Shift. */
  onPick: (robot: number, at: MapPoint, adds: boolean) => void;
  onMenu: (robot: number, at: MapPoint, event: MouseEvent) => void;
  /** The menu key, or Shift with F10. */
  onMenuKey: () => void;
  /** While an area is drawn, and once (`isDone`) when it is finished. */
  onArea: (points: MapPoint[], isDone: boolean, adds: boolean) => void;
  /** The user moved the view: it must be kept. */
  onMoved: () => void;
  tool: () => Tool;
  wheelZooms: () => boolean;
}

type Gesture = { kind: 'move' } | { kind: 'box'; from: MapPoint } | { kind: 'lasso'; points: MapPoint[] };

/** Connects mouse, pen and touch to the map. Returns what disconnects them. */
export function attachPointer(surface: HTMLElement, engine: MapEngine, actions: PointerActions): () => void {
  const pressed = new Map<number, ScreenPoint>();
  let gesture: Gesture = { kind: 'move' };
  let travelledPx = 0;
  let pressedMs = -Infinity;
  const at = (event: MouseEvent): ScreenPoint => {
    const box = surface.getBoundingClientRect();
    return { xPx: event.clientX - box.left, yPx: event.clientY - box.top };
  };
  const onFloor = (point: ScreenPoint) => toMap(engine.view, point);
  const robotAt = (point: ScreenPoint) => {
    const { xMetres, yMetres, isShown } = engine.painted;
    return hitTest(engine.view, xMetres, yMetres, isShown, point, engine.markerPx / 2 + HIT_SLACK_PX);
  };
  const adds = (event: MouseEvent) => event.ctrlKey || event.metaKey;

  /** The corners of the area drawn up to this point; null while the gesture draws none. */
  const areaTo = (point: MapPoint): MapPoint[] | null => {
    if (gesture.kind === 'box') return boxBetween(gesture.from, point);
    if (gesture.kind === 'lasso') gesture.points.push(point);
    return gesture.kind === 'lasso' ? gesture.points : null;
  };

  const listeners: { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void } = {
    pointerdown: (event) => {
      pressedMs = performance.now();
      if (event.button !== 0) return;
      const point = at(event);
      pressed.set(event.pointerId, point);
      travelledPx = 0;
      if (event.shiftKey) gesture = { kind: 'box', from: onFloor(point) };
      else if (actions.tool() === 'lasso') gesture = { kind: 'lasso', points: [onFloor(point)] };
      else gesture = { kind: 'move' };
      surface.setPointerCapture(event.pointerId);
    },
    pointermove: (event) => {
      const point = at(event);
      const before = pressed.get(event.pointerId);
      if (!before) return actions.onHover(robotAt(point), point);
      travelledPx += Math.hypot(point.xPx - before.xPx, point.yPx - before.yPx);
      if (travelledPx <= CLICK_SLACK_PX) return;
      actions.onHover(-1, NOWHERE);
      const area = areaTo(onFloor(point));
      if (area) actions.onArea(area, false, adds(event));
      else drag(event.pointerId, before, point);
      pressed.set(event.pointerId, point);
    },
    pointerup: (event) => {
      pressedMs = performance.now();
      if (!pressed.delete(event.pointerId)) return;
      const point = at(event);
      if (travelledPx <= CLICK_SLACK_PX) {
        return actions.onPick(robotAt(point), onFloor(point), adds(event) || event.shiftKey);
      }
      const area = areaTo(onFloor(point));
      if (area) actions.onArea(area, true, adds(event));
    },
    pointercancel: (event) => void pressed.delete(event.pointerId),
    pointerleave: () => actions.onHover(-1, NOWHERE),
    contextmenu: (event) => {
      event.preventDefault();
      const isPress = event.button === 2 || pressed.size > 0 || performance.now() - pressedMs < PRESS_OPENS_MS;
      if (!isPress) return actions.onMenuKey();
      const point = at(event);
      actions.onMenu(robotAt(point), onFloor(point), event);
    },
    dblclick: (event) => {
      if (actions.tool() !== 'move') return;
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
    engine.setView(
      other ? pinch(other, before, point) : panBy(engine.view, point.xPx - before.xPx, point.yPx - before.yPx)
    );
    actions.onMoved();
  };

  /** The view after one of two fingers has moved. */
  const pinch = (other: ScreenPoint, before: ScreenPoint, point: ScreenPoint) => {
    const spread = (p: ScreenPoint) => Math.max(1, Math.hypot(p.xPx - other.xPx, p.yPx - other.yPx));
    const middle = { xPx: (point.xPx + other.xPx) / 2, yPx: (point.yPx + other.yPx) / 2 };
    const panned = panBy(engine.view, (point.xPx - before.xPx) / 2, (point.yPx - before.yPx) / 2);
    return zoomAt(panned, spread(point) / spread(before), middle);
  };

  const entries = Object.entries(listeners) as Array<[string, EventListener]>;
  for (const [type, listener] of entries) surface.addEventListener(type, listener, { passive: false });
  return () => entries.forEach(([type, listener]) => surface.removeEventListener(type, listener));
}
