import { useEffect } from 'react';
import type { Annotation } from '../annotations/readAnnotations';
import type { MapEngine } from '../engine/mapEngine';
import type { Sketch } from '../layers/drawingLayer';
import type { MapModel } from './useMapModel';

/** Hands what has changed to the engine, and nothing else: a refresh must not redraw the plan. */
export function useEngineInput(
  engine: MapEngine | null,
  { alerts, fleet, isShown, layers, annotations, options, plan, playback, selection, shapes, robotsInShapes }: MapModel,
  { marked, annotation, sketch }: { marked: number; annotation: Annotation | null; sketch: Sketch | null }
): void {
  // In a playback the user jumps about in time: the lines that would join are not where anybody drove.
  const trailPoints = playback.fleet ? 0 : options.trailPoints;
  useEffect(() => engine?.setTrailLength(trailPoints), [engine, trailPoints]);
  useEffect(
    () => engine?.setFleet(fleet, isShown, options.silentAfterSeconds),
    [engine, fleet, isShown, options.silentAfterSeconds]
  );
  useEffect(() => engine?.setPlan(plan), [engine, plan]);
  useEffect(() => engine?.setHeat(layers.pictures), [engine, layers.pictures]);
  useEffect(() => engine?.setAnnotations(annotations, annotation), [engine, annotations, annotation]);
  useEffect(() => engine?.setShapes(shapes), [engine, shapes]);
  useEffect(() => engine?.setOccupancy(robotsInShapes), [engine, robotsInShapes]);
  useEffect(() => engine?.setMarked(marked, selection.robotIds), [engine, marked, selection.robotIds]);
  useEffect(() => engine?.setHaloed(new Set(alerts.keys())), [engine, alerts]);
  useEffect(() => engine?.setSketch(sketch), [engine, sketch]);
}
