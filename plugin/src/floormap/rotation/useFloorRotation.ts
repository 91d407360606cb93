import { useEffect, useState, type RefObject } from 'react';
import type { Floor } from '../fleet/placement';
import { placeInRotation, type RotationPlace } from './floorAfter';

/** The map is in use until this long after the last key or movement of the pointer on it. */
export const IN_USE_MS = 60_000;
/** What a person does to the map. */
const ACTS = ['pointerdown', 'pointermove', 'wheel', 'keydown'];

export interface FloorRotation extends RotationPlace {
  isPaused: boolean;
}

interface RotationOptions {
  /** How long a floor is shown; 0 for no rotation. */
  everySeconds: number;
  floors: readonly Floor[];
  mapId: string | null;
  /** A playback or a followed robot decides which floor is shown. */
  isHeld: boolean;
  showFloor: (mapId: string) => void;
}

/**
 * Shows one floor after the other. A hidden tab stays on its floor, because another one would load its plan. So does a map that
 * somebody uses: a floor must not change under a pointer.
 * @param host the element of the map; its parent holds its buttons too
 * @returns null without rotation
 */
export function useFloorRotation(
  host: RefObject<HTMLElement | null>,
  { everySeconds, floors, mapId, isHeld, showFloor }: RotationOptions
): FloorRotation | null {
  const isOn = everySeconds > 0;
  const isInUse = useIsInUse(host, isOn);
  const isHidden = useIsHidden();
  const place = placeInRotation(floors, mapId);
  const { next } = place;
  const isPaused = isInUse || isHeld;
  useEffect(() => {
    if (!isOn || isPaused || isHidden || next === null) return;
    const timer = window.setTimeout(() => showFloor(next), everySeconds * 1000);
    return () => clearTimeout(timer);
  }, [isOn, isPaused, isHidden, next, everySeconds, showFloor]);
  return isOn ? { ...place, isPaused } : null;
}

function useIsInUse(host: RefObject<HTMLElement | null>, isOn: boolean): boolean {
  const [isInUse, setInUse] = useState(false);
  useEffect(() => {
    const map = host.current?.parentElement;
    if (!isOn || !map) return;
    let timer = 0;
    const onAct = () => {
      setInUse(true);
      clearTimeout(timer);
      timer = window.setTimeout(() => setInUse(false), IN_USE_MS);
    };
    for (const act of ACTS) map.addEventListener(act, onAct, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      setInUse(false);
      for (const act of ACTS) map.removeEventListener(act, onAct, { capture: true });
    };
  }, [host, isOn]);
  return isInUse;
}

function useIsHidden(): boolean {
  const [isHidden, setHidden] = useState(() => document.hidden);
  useEffect(() => {
    const onChange = () => setHidden(document.hidden);
    document.addEventListener('visibilitychange', onChange);
    return () => document.removeEventListener('visibilitychange', onChange);
  }, []);
  return isHidden;
}
