import { useEffect } from 'react';
import type { Note } from '../annotations/readAnnotations';
import type { MapEngine } from '../engine/mapEngine';
import type { Sketch } from '../layers/drawingLayer';
import type { MapModel } from './useMapModel';

/** Hands what has changed to the engine, and nothing else: a refresh must not redraw the plan. */
export function useEngineInput(
  engine: MapEngine | null,
  { alerts, fleet, isShown, layers, notes, options, plan, replay, selection, shapes, robotsInShapes }: MapModel,
  { marked, note, sketch }: { marked: number; note: Note | null; sketch: Sketch | null }
): void {
  // In a replay the user jumps about in time: the lines that would join are not where anybody drove.
  const trailPoints = replay.fleet ? 0 : options.trailPoints;
  useEffect(() => engine?.setTrailLength(trailPoints), [engine, trailPoints]);
  useEffect(
    () => engine?.setFleet(fleet, isShown, options.silentAfterSeconds),
    [engine, fleet, isShown, options.silentAfterSeconds]
  );
  useEffect(() => engine?.setPlan(plan), [engine, plan]);
  useEffect(() => engine?.setHeat(layers.pictures), [engine, layers.pictures]);
  useEffect(() => engine?.setNotes(notes, note), [engine, notes, note]);
  useEffect(() => engine?.setShapes(shapes), [engine, shapes]);
  useEffect(() => engine?.setOccupancy(robotsInShapes), [engine, robotsInShapes]);
  useEffect(() => engine?.setMarked(marked, selection.robotIds), [engine, marked, selection.robotIds]);
  useEffect(() => engine?.setHaloed(new Set(alerts.keys())), [engine, alerts]);
  useEffect(() => engine?.setSketch(sketch), [engine, sketch]);
}
