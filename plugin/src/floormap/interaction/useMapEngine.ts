import { useEffect, useRef, useState, type RefObject } from 'react';
import { fitBounds, resizeView, type Bounds } from '../geometry/viewport';
import { MapEngine } from '../engine/mapEngine';
import type { Palette } from '../paint/palette';
import { keepView, recallView } from './viewMemory';

const NOWHERE: Bounds = { minX: 0, minY: 0, maxX: 0, maxY: 0 };

interface MapSurface {
  engine: MapEngine | null;
  fit: () => void;
  /** Call after the user moved the view: from then on content does not move it. */
  holdView: () => void;
}

/**
 * The engine of one panel. Invariant: data never moves a view that the user has chosen; any other view shows
 * all of the content, whatever its size.
 * @param content what there is to show; null until there is any
 * @param memoryKey names the view to remember
 */
export function useMapEngine(
  host: RefObject<HTMLDivElement | null>,
  size: { width: number; height: number },
  content: Bounds | null,
  memoryKey: string,
  palette: Palette
): MapSurface {
  const [engine, setEngine] = useState<MapEngine | null>(null);
  const isHeld = useRef(false);
  const fittedTo = useRef('');
  const { width, height } = size;

  useEffect(() => {
    if (!host.current) return;
    const created = new MapEngine(host.current, fitBounds(width, height, NOWHERE), palette);
    // The engine needs the mounted element, so the first render has none; the second one draws.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    setEngine(created);
    return () => created.dispose();
    // Created once: size and palette reach the engine through the effects below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [host]);

  useEffect(() => engine?.show({ palette }), [engine, palette]);

  useEffect(() => {
    // The view as text, for tests and bug reports.
    return engine?.watchFrames(({ centreXMetres, centreYMetres, pxPerMetre }) => {
      const view = [centreXMetres, centreYMetres, pxPerMetre].map((number) => number.toFixed(2)).join(',');
      if (host.current && host.current.dataset.view !== view) host.current.dataset.view = view;
    });
  }, [engine, host]);

  useEffect(() => {
    if (!engine) return;
    const kept = recallView(memoryKey);
    isHeld.current = kept !== null;
    if (kept) engine.setView({ ...engine.view, ...kept });
    fittedTo.current = '';
  }, [engine, memoryKey]);

  useEffect(() => {
    if (!engine) return;
    const frame = `${width} ${height} ${memoryKey} ${content ? Object.values(content).join(' ') : ''}`;
    if (isHeld.current || !content) engine.setView(resizeView(engine.view, width, height));
    else if (fittedTo.current !== frame) engine.setView(fitBounds(width, height, content));
    fittedTo.current = frame;
  }, [engine, width, height, content, memoryKey]);

  const fit = () => {
    if (!engine || !content) return;
    isHeld.current = false;
    keepView(memoryKey, null);
    engine.setView(fitBounds(width, height, content));
  };
  const holdView = () => {
    if (!engine) return;
    isHeld.current = true;
    keepView(memoryKey, engine.view);
  };
  return { engine, fit, holdView };
}
