import { AnnotationEvent } from '@grafana/data';

/** What Grafana's API returns for an annotation or a change of an alert's state. */
export interface StoredAnnotation {
  id: number;
  time: number;
  timeEnd?: number;
  text?: string;
  tags?: string[];
  alertName?: string;
  newState?: string;
}

/** An annotation as panels read it; the floor map places it by its tags or by its robot. */
export interface FleetEvent extends AnnotationEvent {
  robot_id: string;
}

const STATE_COLOURS: Readonly<Record<string, string>> = {
  alerting: 'red',
  error: 'red',
  pending: 'yellow',
  nodata: 'orange',
  normal: 'green',
};
const ROBOT_LABEL = /\{(?:[^}]*, )?robot_id=([^,}]+)/;
const ROBOT_TAG = /^robot\s*:\s*(.+)$/;

/** A change of state says of which robot in the labels that its text repeats; a note says it by its tag. */
export function readEvent({ id, time, timeEnd, text = '', tags, alertName, newState }: StoredAnnotation): FleetEvent {
  const isAlert = newState !== undefined && newState !== '';
  const tagged = (tags ?? []).map((tag) => ROBOT_TAG.exec(tag)?.[1]).find((robot) => robot !== undefined);
  return {
    id: String(id),
    time,
    timeEnd: timeEnd === undefined || timeEnd === 0 ? time : timeEnd,
    isRegion: timeEnd !== undefined && timeEnd > time,
    title: isAlert ? `${alertName ?? 'Alert'}: ${newState}` : '',
    text: isAlert ? text.replace(/^.*\} - /, '') : text,
    tags: tags ?? [],
    robot_id: isAlert ? (ROBOT_LABEL.exec(text)?.[1] ?? '') : (tagged ?? ''),
    color: isAlert ? (STATE_COLOURS[newState.toLowerCase().replace(/\s.*$/, '')] ?? 'gray') : 'blue',
  };
}
