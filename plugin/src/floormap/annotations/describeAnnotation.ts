import { dateTimeFormat } from '@grafana/data';
import type { Note } from './readAnnotations';

/** When it happened; a region from its start to its end. */
export function timeOfNote({ timeMs, endMs }: Note, timeZone: string): string {
  const start = dateTimeFormat(timeMs, { timeZone });
  return endMs > timeMs ? `${start} to ${dateTimeFormat(endMs, { timeZone })}` : start;
}

/** All of a note in one line, for a screen reader. */
export function describeNote(note: Note, timeZone: string): string {
  const said = [note.title, note.text, note.robotId, timeOfNote(note, timeZone), ...note.tags].filter(Boolean);
  return `Annotation: ${said.join(', ')}`;
}
