import type { Note } from './readAnnotations';

/**
 * The notes of a range of time, a region when any part of it lies in there, the earliest first.
 * @param untilMs the replayed moment: what began later has not happened yet; Infinity where the map is live
 */
export function notesInTime(notes: readonly Note[], fromMs: number, toMs: number, untilMs: number): Note[] {
  return notes
    .filter(({ timeMs, endMs }) => timeMs <= toMs && endMs >= fromMs && timeMs <= untilMs)
    .sort((a, b) => a.timeMs - b.timeMs);
}
