import { MappingType, type ValueMapping } from '@grafana/data';
import { t } from '@grafana/i18n';
import { withWords } from './statusMappings';

/** What people read of the columns that queries return; the names themselves are for overrides, links and addresses. */
const titles = (): Record<string, string> => ({
  Amount: t('column.amount', 'Amount'),
  Arrived: t('column.arrived', 'Arrived'),
  Battery: t('column.battery', 'Battery'),
  'Battery drain': t('robot.part.drain', 'Battery drain'),
  Before: t('column.before', 'Before'),
  Change: t('column.change', 'Change'),
  'Clock offset': t('column.clock_offset', 'Clock offset'),
  Code: t('column.code', 'Code'),
  Completed: t('column.completed', 'Completed'),
  Congestion: t('column.congestion', 'Congestion per hour'),
  Duration: t('column.duration', 'Duration'),
  Ended: t('column.ended', 'Ended'),
  Error: t('column.error', 'Error'),
  'Error or task': t('column.error_or_task', 'Error or task'),
  Errors: t('column.errors', 'Errors'),
  Event: t('column.event', 'Event'),
  'Event id': t('column.event_id', 'Event id'),
  Failed: t('column.failed', 'Failed'),
  Firmware: t('column.firmware', 'Firmware'),
  Floor: t('column.floor', 'Floor'),
  'For example': t('column.example', 'For example'),
  Hour: t('column.hour', 'Hour'),
  Last: t('column.last', 'Last'),
  'Last arrival': t('column.last_arrival', 'Last arrival'),
  'Last robot': t('column.last_robot', 'Last robot'),
  'Last row': t('column.last_row', 'Last row'),
  Links: t('column.links', 'Links'),
  Localisation: t('column.localisation', 'Localisation'),
  Longest: t('column.longest', 'Longest'),
  Map: t('column.map', 'Map'),
  Mean: t('column.mean', 'Mean'),
  Messages: t('column.messages', 'Messages'),
  Model: t('column.model', 'Model'),
  Outcome: t('column.outcome', 'Outcome'),
  Path: t('column.path', 'Path'),
  Payload: t('column.payload', 'Payload'),
  Reason: t('column.reason', 'Reason'),
  Refused: t('column.refused', 'Invalid'),
  Robot: t('column.robot', 'Robot'),
  Robots: t('column.robots', 'Robots'),
  'Rows/s': t('column.rows_per_second', 'Rows/s'),
  Silences: t('column.silences', 'Silences'),
  Since: t('column.since', 'Since'),
  Site: t('filters.site', 'Site'),
  Speed: t('column.speed', 'Speed'),
  Started: t('column.started', 'Started'),
  State: t('column.state', 'State'),
  Status: t('column.status', 'Status'),
  Task: t('column.task', 'Task'),
  Tasks: t('column.tasks', 'Tasks'),
  'Tasks per hour': t('column.tasks_per_hour', 'Tasks per hour'),
  Time: t('column.time', 'Time'),
  Total: t('column.total', 'Total'),
  Unread: t('column.unread', 'Unread'),
  Waiting: t('column.waiting', 'Waiting'),
  Where: t('column.where', 'Where'),
  Why: t('column.why', 'Why'),
  Zone: t('column.zone', 'Zone'),
});

const BEFORE = ' before';

/** The title of a column; the name of one that has none, such as x and p95. */
export function columnTitle(name: string): string {
  if (!name.endsWith(BEFORE)) return titles()[name] ?? name;
  return t('column.of_before', '{{column}} before', { column: columnTitle(name.slice(0, -BEFORE.length)) });
}

/** The name of the column with this title: what addresses hold. */
export function columnOfTitle(title: string): string {
  return Object.entries(titles()).find(([, one]) => one === title)?.[0] ?? title;
}

/** Any builder of a panel's overrides. */
interface Overrides {
  matchFieldsWithName: (name: string) => { overrideDisplayName: (title: string) => unknown };
}

/** Shows the titles of these columns. */
export function titleColumns(overrides: Overrides, names: readonly string[]): void {
  for (const name of names) overrides.matchFieldsWithName(name).overrideDisplayName(columnTitle(name));
}

/** The words of links that stand in a column of their own. */
export function linkWords(): ValueMapping[] {
  const options = {
    map: { text: t('column.link.map', 'map') },
    play: { text: t('column.link.play', 'play') },
    links: { text: t('column.link.links', 'open') },
  };
  return [{ type: MappingType.ValueToText, options }];
}

/** The outcomes of tasks: their words and colours. */
export function outcomeMappings(): ValueMapping[] {
  const outcomes = {
    completed: { text: t('outcome.completed', 'completed'), color: 'green', index: 0 },
    failed: { text: t('outcome.failed', 'failed'), color: 'red', index: 1 },
    running: { text: t('outcome.running', 'running'), color: 'blue', index: 2 },
  };
  return [{ type: MappingType.ValueToText, options: withWords(outcomes) }];
}

/**
 * Texts that a query puts together, by a pattern of the whole text.
 * @param texts the pattern, and what is shown: $1 is what its first group matched
 */
export function textMappings(texts: Readonly<Record<string, string>>): ValueMapping[] {
  return Object.entries(texts).map(([pattern, text], index) => ({
    type: MappingType.RegexToText,
    options: { pattern: `^${pattern}$`, result: { text, index } },
  }));
}
