import { formattedValueToString, getValueFormat, type DataFrame } from '@grafana/data';
import { t } from '@grafana/i18n';
import type { CustomTransformOperator } from '@grafana/scenes';
import { map } from 'rxjs';
import { numberField, numbersOf, readPart, textField } from '../../queries/parts';
import { MOST_STEPS, STEP_SECONDS } from '../../queries/tasks';

/** Widths of a bar, in seconds: round in minutes or hours, and multiples of the step that the query counts by. */
const WIDTHS = [5, 10, 15, 30, 60, 120, 300, 600, 1_200];
/** As many bars as can be told apart. */
const MOST_BARS = 20;
/** The share of the tasks that the bars of one width show. The few that take far longer are one bar. */
const IN_BARS = 0.98;

export interface Bar {
  fromSeconds: number;
  /** Infinity for the last bar, when it holds the longest tasks. */
  toSeconds: number;
  tasks: number;
}

/**
 * Joins counts of 5 s to at most 20 bars of one round width, and one for the few longest tasks. The bars add up to all tasks.
 * @param steps number of the step, and its tasks
 */
export function barsOf(steps: ReadonlyArray<readonly [step: number, tasks: number]>): Bar[] {
  const sorted = [...steps].sort(([a], [b]) => a - b);
  const all = sorted.reduce((sum, [, tasks]) => sum + tasks, 0);
  if (all === 0) return [];
  let counted = 0;
  const last = sorted.find(([, tasks]) => (counted += tasks) >= IN_BARS * all)?.[0] ?? 0;
  const shownSeconds = (Math.min(last, MOST_STEPS - 1) + 1) * STEP_SECONDS;
  const width = WIDTHS.find((one) => one * MOST_BARS >= shownSeconds) ?? 1_200;
  const bars = Array.from({ length: Math.ceil(shownSeconds / width) }, (_, k): Bar => {
    return { fromSeconds: k * width, toSeconds: (k + 1) * width, tasks: 0 };
  });
  const longest: Bar = { fromSeconds: bars.length * width, toSeconds: Infinity, tasks: 0 };
  for (const [step, tasks] of sorted) (bars[Math.floor((step * STEP_SECONDS) / width)] ?? longest).tasks += tasks;
  return longest.tasks > 0 ? [...bars, longest] : bars;
}

/** The bars as a frame: what a person reads under each bar, and its tasks. */
export const distribution: CustomTransformOperator = () => (source) =>
  source.pipe(map((frames) => frames.slice(0, 1).map(frameOfBars)));

function frameOfBars(frame: DataFrame): DataFrame {
  const part = readPart(frame, 'step', [
    ['step', 'step'],
    ['tasks', 'tasks'],
  ]);
  const tasks = numbersOf(part, 'tasks');
  const bars = barsOf(numbersOf(part, 'step').map((step, row) => [step, tasks[row] ?? 0]));
  return {
    length: bars.length,
    fields: [
      textField('Duration', bars.map(labelOf)),
      numberField(
        'Tasks',
        bars.map((bar) => bar.tasks)
      ),
    ],
  };
}

function labelOf({ fromSeconds, toSeconds }: Bar): string {
  if (toSeconds === Infinity) return t('tasks.distribution.over', 'over {{time}}', { time: duration(fromSeconds) });
  return `${duration(fromSeconds)}–${duration(toSeconds)}`;
}

/** `90` as `1:30`: as a clock has them, with hours where there are some. Short, because the edge of the panel cuts long labels. */
function duration(seconds: number): string {
  return formattedValueToString(getValueFormat('dtdhms')(seconds))
    .replace(/^00:(?=\d\d:)/, '')
    .replace(/^0(?=\d)/, '');
}
