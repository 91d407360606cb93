import { dateTimeFormat } from '@grafana/data';
import type { Annotation } from './readAnnotations';

/** When it happened; a region from its start to its end. */
export function timeOfAnnotation({ timeMs, endMs }: Annotation, timeZone: string): string {
  const start = dateTimeFormat(timeMs, { timeZone });
  return endMs > timeMs ? `${start} to ${dateTimeFormat(endMs, { timeZone })}` : start;
}

/** All of an annotation in one line, for a screen reader. */
export function describeAnnotation(annotation: Annotation, timeZone: string): string {
  const said = [
    annotation.title,
    annotation.text,
    annotation.robotId,
    timeOfAnnotation(annotation, timeZone),
    ...annotation.tags,
  ].filter(Boolean);
  return `Annotation: ${said.join(', ')}`;
}
