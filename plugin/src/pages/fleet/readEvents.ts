import { AnnotationEvent } from '@grafana/data';
import { t } from '@grafana/i18n';

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
  /** Name of the alert whose state changed; '' for a note. */
  alert: string;
  /** Whether the alert fires from then on. */
  isFiring: boolean;
}

/** The folder of Floorwatch's alert rules: another team's robots may have the same ids. */
const OUR_FOLDER = /\{(?:[^}]*, )?grafana_folder=Floorwatch[,}]/;
/** False for a change of another team's alert. */
export function isOurs({ newState = '', text = '' }: StoredAnnotation): boolean {
  return newState === '' || OUR_FOLDER.test(text);
}

/** More robots than this with an alert are one event, which the counts and the alert list show: pins would hide the map. */
const MOST_PINS = 30;

/** What the map shows of events: notes, and the alerts that still fire. Resolved alerts stay on the charts. */
export function eventsForMap(events: readonly FleetEvent[]): FleetEvent[] {
  const newest = new Map<string, FleetEvent>();
  for (const event of events) {
    const key = JSON.stringify([event.alert, event.robot_id]);
    if (event.alert !== '' && (newest.get(key)?.time ?? -Infinity) <= (event.time ?? 0)) newest.set(key, event);
  }
  const firing = [...newest.values()].filter(({ isFiring, robot_id }) => isFiring && robot_id !== '');
  return [...events.filter(({ alert }) => alert === ''), ...(firing.length > MOST_PINS ? [] : firing)];
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
  const nameOfAlert = alertName ?? t('fleet.events.alert', 'Alert');
  const tagged = (tags ?? []).map((tag) => ROBOT_TAG.exec(tag)?.[1]).find((robot) => robot !== undefined);
  return {
    id: String(id),
    time,
    timeEnd: timeEnd === undefined || timeEnd === 0 ? time : timeEnd,
    isRegion: timeEnd !== undefined && timeEnd > time,
    title: isAlert ? `${nameOfAlert}: ${newState}` : '',
    text: isAlert ? text.replace(/^.*\} - /, '') : text,
    tags: tags ?? [],
    robot_id: isAlert ? (ROBOT_LABEL.exec(text)?.[1] ?? '') : (tagged ?? ''),
    alert: isAlert ? nameOfAlert : '',
    isFiring: isAlert && /^(alerting|error|nodata)/i.test(newState),
    color: isAlert ? (STATE_COLOURS[newState.toLowerCase().replace(/\s.*$/, '')] ?? 'gray') : 'blue',
  };
}
