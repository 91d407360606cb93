import { useMemo, useState } from 'react';
import type { PanelData } from '@grafana/data';
import type { Fleet } from '../fleet/fleet';
import type { Replay } from '../playback/usePlayback';
import { notesInTime } from './annotationsInTime';
import { readNotes, type Note } from './readAnnotations';
import { useSettledFrames } from './useSettledFrames';

interface Shown {
  fleet: Fleet;
  isPlaced: Uint8Array;
  mapId: string | null;
  replay: Replay;
}

const NONE: readonly Note[] = [];

/** The dashboard's annotations that have a place on the shown floor, and a moment in the shown time. */
export function useNotes({ annotations, timeRange }: PanelData, { fleet, isPlaced, mapId, replay }: Shown) {
  const [areNotesHidden, hideNotes] = useState(false);
  const frames = useSettledFrames(annotations);
  const placed = useMemo(() => readNotes(frames, fleet, isPlaced, mapId), [frames, fleet, isPlaced, mapId]);
  const [fromMs, toMs] = [timeRange.from.valueOf(), timeRange.to.valueOf()];
  const untilMs = replay.fleet ? replay.timeMs : Infinity;
  const notesHere = useMemo(() => notesInTime(placed, fromMs, toMs, untilMs), [placed, fromMs, toMs, untilMs]);
  return {
    /** Annotations with a place on this floor. */
    notesHere,
    /** Those of them that are drawn: none while the legend hides them. */
    notes: areNotesHidden ? NONE : notesHere,
    areNotesHidden,
    hideNotes,
  };
}
