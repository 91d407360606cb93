import { useState, type KeyboardEvent } from 'react';
import type { MapShape, Zone } from '@floorwatch/ingestor/plans/map-shape';
import type { MapPoint } from '@floorwatch/ingestor/plans/transform';
import { describeStatus } from '../fleet/describe';
import type { Selection } from '../selection/useSelection';
import { pathLength, robotsInside } from '../geometry/area';
import { fitBounds, zoomAt, type Bounds } from '../geometry/viewport';
import type { Annotation } from '../annotations/readAnnotations';
import { useAnnotationFocus } from '../annotations/useAnnotationFocus';
import type { MapEngine } from '../engine/mapEngine';
import type { Sketch } from '../layers/drawingLayer';
import { findRobot } from './findRobot';
import { handleKey } from './mapKeyboard';
import type { Tool } from './mapPointer';
import { useFollow } from './useFollow';
import { useGoTo, type GoToSubject } from './useGoTo';
import { countRobots, useZoneSelection } from './useZoneSelection';

const TOOL_MEANING: Record<Tool, string> = {
  move: 'Drag moves the map',
  lasso: 'Drag draws a lasso; Z selects by zone',
  measure: 'Clicks and Enter measure',
};

interface Subject extends GoToSubject {
  isShown: Uint8Array;
  shapes: readonly MapShape[];
  annotations: readonly Annotation[];
  timeZone: string;
  selection: Selection;
  fit: () => void;
  /** Gives the keyboard back to the map. */
  takeKeys: () => void;
}

/** What the user can do to the map, by pointer, keyboard or button, and the state that this leaves. */
export function useMapActions(subject: Subject) {
  const { engine, fleet, isShown, selection, fit, holdView, takeKeys } = subject;
  const { focus, goTo: bringTo, leave } = useGoTo(subject);
  const [tool, setTool] = useState<Tool>('move');
  const [sketch, setSketch] = useState<Sketch | null>(null);
  const [isFinding, setFinding] = useState(false);
  const [spoken, setSpoken] = useState('');
  const { followedId, follow: setFollowedId } = useFollow({
    ...subject,
    canChangeFloor: subject.showFloor !== null,
    onOtherFloor: (robot) => setSpoken(bringTo(robot)),
  });
  /** Whoever goes to another place does not want to be pulled back. */
  const stopFollowing = () => setFollowedId(null);

  const moveTo = (view: MapEngine['view']) => {
    if (!engine) return;
    const { centreXMetres, centreYMetres } = engine.view;
    if (view.centreXMetres !== centreXMetres || view.centreYMetres !== centreYMetres) stopFollowing();
    engine.setView(view);
    holdView();
  };
  const zones = useZoneSelection({ ...subject, moveTo });
  const annotations = useAnnotationFocus({ ...subject, moveTo });

  const pick = (robot: number, adds: boolean) => {
    zones.leave();
    annotations.leave();
    const robotId = fleet.robotIds[robot];
    if (robotId === undefined) {
      selection.select([]);
      return setSpoken('Nothing selected');
    }
    const others = adds ? [...selection.robotIds].filter((id) => id !== robotId) : [];
    const isUnpicked = selection.robotIds.has(robotId) && (adds || selection.robotIds.size === 1);
    selection.select(isUnpicked ? others : [...others, robotId]);
    setSpoken(isUnpicked ? `${robotId} no longer selected` : `${robotId} selected, ${describeStatus(fleet, robot)}`);
  };

  const goTo = (robot: number) => {
    annotations.leave();
    if (fleet.robotIds[robot] !== followedId) stopFollowing();
    setSpoken(bringTo(robot));
  };

  const sayOfAnnotation = (said: string) => {
    leave();
    setSpoken(said);
  };

  const openFind = (isOpen: boolean) => {
    setFinding(isOpen);
    if (!isOpen) takeKeys();
  };

  const find = (typed: string): boolean => {
    const robot = findRobot(fleet, typed);
    if (robot < 0) return false;
    selection.select([fleet.robotIds[robot] ?? '']);
    if (fleet.robotIds[robot] !== followedId) stopFollowing();
    setSpoken(`${bringTo(robot)}, selected`);
    openFind(false);
    return true;
  };

  const zoom = (factor: number) => {
    if (!engine) return;
    const { widthPx, heightPx } = engine.view;
    moveTo(zoomAt(engine.view, factor, { xPx: widthPx / 2, yPx: heightPx / 2 }));
  };

  const step = (direction: 1 | -1) => {
    for (let k = 1; k <= fleet.count; k++) {
      const robot = (focus + direction * k + fleet.count * (k + 1)) % fleet.count;
      if (isShown[robot] === 1) return goTo(robot);
    }
  };

  const drawArea = (points: MapPoint[], isDone: boolean, adds: boolean) => {
    if (!isDone || !engine) return setSketch({ kind: 'area', points: [...points] });
    setSketch(null);
    const { xMetres, yMetres } = engine.painted;
    const inside = robotsInside(points, xMetres, yMetres, isShown).map((robot) => fleet.robotIds[robot] ?? '');
    const ids = adds ? [...new Set([...selection.robotIds, ...inside])] : inside;
    // The tooltip of a robot or an annotation found before would cover what was selected now.
    leave();
    annotations.leave();
    setSpoken(`${countRobots(selection.select(ids).length)} selected`);
  };

  const sayOfZone = (said: string) => {
    leave();
    annotations.leave();
    setSpoken(said);
  };

  const click = (robot: number, at: MapPoint, adds: boolean) => {
    if (tool !== 'measure') {
      const annotation = robot < 0 ? annotations.at(at) : null;
      if (annotation) return sayOfAnnotation(annotations.goTo(annotation));
      const zone = robot < 0 ? zones.at(at) : null;
      return zone ? sayOfZone(zones.toggle(zone, adds)) : pick(robot, adds);
    }
    const points = [...(sketch?.points ?? []), at];
    setSketch({ kind: 'line', points });
    setSpoken(points.length > 1 ? `${pathLength(points).toFixed(2)} m` : 'Measuring from here');
  };

  /** What a click does, by key: at the robot in focus, else in the middle of the map. */
  const press = (adds: boolean) => {
    if (!engine) return;
    if (tool !== 'measure') return focus >= 0 && pick(focus, adds);
    click(focus, pointOfFocus(), false);
  };

  /** Where the keyboard is: at the robot in focus, else in the middle of the map. */
  const pointOfFocus = (): MapPoint => {
    if (!engine) return { xMetres: 0, yMetres: 0 };
    const { view, painted } = engine;
    if (isShown[focus] !== 1) return { xMetres: view.centreXMetres, yMetres: view.centreYMetres };
    return { xMetres: painted.xMetres[focus] ?? NaN, yMetres: painted.yMetres[focus] ?? NaN };
  };

  const measureFrom = (point: MapPoint) => {
    setTool('measure');
    setSketch({ kind: 'line', points: [point] });
    setSpoken('Measuring from here');
  };

  const changeTool = (next: Tool) => {
    const chosen = next === tool ? 'move' : next;
    setTool(chosen);
    setSketch(null);
    setSpoken(TOOL_MEANING[chosen]);
  };

  const follow = (robot: number | null) => {
    // Each step of a drag ends following.
    if (robot === null && followedId === null) return;
    if (robot !== null) goTo(robot);
    const robotId = robot === null ? null : (fleet.robotIds[robot] ?? null);
    setFollowedId(robotId);
    setSpoken(robotId === null ? 'Following nobody' : `Following ${robotId}`);
  };

  const changeFloor = (floor: string) => {
    stopFollowing();
    subject.showFloor?.(floor);
  };

  const fitAll = () => {
    stopFollowing();
    fit();
  };

  const show = (bounds: Bounds | null) => {
    if (engine && bounds) moveTo(fitBounds(engine.view.widthPx, engine.view.heightPx, bounds));
  };

  const clear = () => {
    leave();
    zones.leave();
    annotations.leave();
    stopFollowing();
    setSketch(null);
    setTool('move');
    selection.select([]);
    setSpoken('Nothing selected');
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (!engine || event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const isMeant = handleKey(event.key, engine.view, {
      move: moveTo,
      fit: fitAll,
      step,
      pick: () => press(event.shiftKey),
      clear,
      find: () => openFind(true),
      follow: () => follow(followedId === null && focus >= 0 ? focus : null),
      annotation: (direction) => sayOfAnnotation(annotations.step(direction)),
      zone: (direction) => sayOfZone(zones.step(direction)),
      tool: changeTool,
    });
    if (!isMeant) return;
    event.preventDefault();
    // Grafana has shortcuts of its own on single letters.
    event.stopPropagation();
  };

  return {
    focus,
    followedId,
    tool,
    sketch: sketch ?? zones.outline,
    isFinding,
    spoken,
    openFind,
    goTo,
    pick,
    find,
    zoom,
    click,
    drawArea,
    annotation: annotations.focused,
    zoneAt: zones.at,
    robotsInZone: zones.robotsIn,
    selectZone: (zone: Zone) => sayOfZone(zones.select(zone, false)),
    changeTool,
    measureFrom,
    follow,
    changeFloor,
    fit: fitAll,
    show,
    pointOfFocus,
    onKeyDown,
  };
}

export type MapActions = ReturnType<typeof useMapActions>;
