import React from 'react';
import {
  dateTimeFormat,
  formattedValueToString,
  getValueFormat,
  LoadingState,
  type PanelData,
  type TimeZone,
} from '@grafana/data';
import { t } from '@grafana/i18n';
import { sceneGraph, SceneObjectBase, type SceneComponentProps, type SceneObjectState } from '@grafana/scenes';
import { Alert, Button, Text, useStyles2 } from '@grafana/ui';
import { addressOf, useAddress } from '../../grafana/address';
import { TASKS_URL } from '../../grafana/identifiers';
import { showText, UNESCAPED } from '../../grafana/showText';
import { ianaZone } from '../../queries/addressRunner';
import { readShift, SETTLED_AFTER_MS, shiftDays, shiftZone, type ShiftChoice } from '../../queries/shifts';
import { CannotRead } from '../CannotRead';
import { useUnread } from '../lastError';
import { getReportStyles, PRINT_CSS } from './reportStyles';
import { ReportTable } from './ReportTable';
import { shiftLines, type ReportRow, type ShiftLine } from './shiftLines';
import { ShiftEvents } from './ShiftEvents';
import { lineName, shiftName } from './shiftName';

/** One shift on one sheet: what the fleet did, compared with the four same shifts before, and what went wrong. */
export class ReportSheet extends SceneObjectBase<SceneObjectState> {
  static readonly Component = Sheet;
}

function Sheet({ model }: SceneComponentProps<ReportSheet>) {
  const styles = useStyles2(getReportStyles);
  const { data } = sceneGraph.getData(model).useState();
  const timeZone = shiftZone(ianaZone(sceneGraph.getTimeRange(model).getTimeZone()));
  const parameters = [useAddress('day'), useAddress('shift')];
  const choice = readShift(new URLSearchParams(parameters.join('&')), timeZone);
  const unread = useUnread(data);
  if (unread) return <CannotRead what={t('shift.subject', 'The shift')} unread={{ ...unread, shownOfMs: NaN }} />;
  // Before the answer, the tables would say that nothing went wrong.
  if (data?.state !== LoadingState.Done) {
    return <Text color="secondary">{t('shift.reading', 'Reading the shift …')}</Text>;
  }
  const figures = rowsOf(data, 'A');
  const lines = shiftLines(figures, rowsOf(data, 'B'));
  const hasShift = figures.some((row) => Number(row['shift']) === 0);
  return (
    <article className={styles.sheet} data-testid="shift-report">
      <style>{PRINT_CSS}</style>
      <header>
        <h2>{`${shiftName(choice.shift)}, ${choice.day}`}</h2>
        <p>
          {`${dateTimeFormat(choice.fromMs, { timeZone })} – ${dateTimeFormat(choice.toMs, { timeZone })} (${timeZone})`}
        </p>
        <Button
          className={styles.screenOnly}
          icon="document-info"
          variant="secondary"
          size="sm"
          onClick={() => window.print()}
        >
          {t('shift.print', 'Print')}{' '}
        </Button>
      </header>
      <Unfinished choice={choice} readAtMs={data.request?.endTime ?? 0} timeZone={timeZone} />
      {!hasShift && (
        <Alert severity="info" title={t('shift.none', 'No robot reported in this shift')}>
          {t(
            'shift.none_what',
            'The last complete hour appears about six minutes after its end. Choose another shift above.'
          )}{' '}
        </Alert>
      )}
      {hasShift && <Figures lines={lines} choice={choice} timeZone={timeZone} />}
      <div className={styles.columns}>
        <Trouble data={data} saysNone={hasShift} />
        <ShiftEvents fromMs={choice.fromMs} toMs={choice.toMs} timeZone={timeZone} />
      </div>
      <footer>
        <a href={addressOf(TASKS_URL, { from: String(choice.fromMs), to: String(choice.toMs) })}>
          {t('shift.all_tasks', 'All tasks of this shift')}{' '}
        </a>
      </footer>
    </article>
  );
}

interface TroubleProps {
  data: PanelData;
  /** Not of a shift in which no robot reported: "no task failed" would be read as a good shift. */
  saysNone: boolean;
}

function Trouble({ data, saysNone }: TroubleProps) {
  return (
    <>
      <ReportTable
        title={t('shift.robots.title', 'Robots that stood longest')}
        empty={saysNone ? t('shift.robots.none', 'No robot was blocked or in error.') : ''}
        head={[
          t('shift.head.robot', 'Robot'),
          t('shift.head.error', 'Error'),
          t('shift.head.blocked', 'Blocked'),
          t('shift.head.errors', 'ERROR events'),
          t('shift.head.failed', 'Failed tasks'),
        ]}
        rows={rowsOf(data, 'C').map((row) => [
          text(row['robot_id']),
          duration(row['seconds_error']),
          duration(row['seconds_blocked']),
          count(row['errors']),
          count(row['tasks_failed']),
        ])}
      />
      <ReportTable
        title={t('shift.zones.title', 'Zones where robots waited longest')}
        empty={saysNone ? t('shift.zones.none', 'No robot waited in a zone.') : ''}
        head={[
          t('shift.head.zone', 'Zone'),
          t('shift.head.floor', 'Floor'),
          t('shift.head.congested', 'Waiting for each other'),
          t('shift.head.waiting', 'Waiting'),
          t('shift.head.errors', 'ERROR events'),
        ]}
        rows={rowsOf(data, 'D').map((row) => [
          text(row['zone']),
          text(row['map_id']),
          duration(row['seconds_congested']),
          duration(row['seconds_waiting']),
          count(row['errors']),
        ])}
      />
      <ReportTable
        title={t('shift.failures.title', 'Failed tasks by code')}
        empty={saysNone ? t('shift.failures.none', 'No task failed.') : ''}
        head={[t('shift.head.code', 'Code'), t('shift.head.tasks', 'Tasks'), t('shift.head.robots', 'Robots')]}
        rows={rowsOf(data, 'E').map((row) => [text(row['code']), count(row['tasks']), count(row['robots'])])}
      />
    </>
  );
}

interface UnfinishedProps {
  choice: ShiftChoice;
  /** Milliseconds since the epoch. */
  readAtMs: number;
  timeZone: TimeZone;
}

/** On paper too: the sums of a shift that still runs are no result, and whole shifts stand beside them. */
function Unfinished({ choice: { fromMs, toMs }, readAtMs, timeZone }: UnfinishedProps) {
  if (readAtMs >= toMs + SETTLED_AFTER_MS) return null;
  if (readAtMs >= toMs) {
    return (
      <Alert severity="warning" title={t('shift.last', 'The last minutes of this shift are not computed yet')}>
        {t('shift.last_what', 'They are added within about six minutes. The page reads them then.')}
      </Alert>
    );
  }
  const time = (ms: number) => dateTimeFormat(ms, { timeZone, format: 'YYYY-MM-DD HH:mm' });
  if (readAtMs < fromMs) {
    return (
      <Alert severity="info" title={t('shift.future', 'This shift has not started')}>
        {t('shift.future_what', 'It starts at {{time}}.', { time: time(fromMs), ...UNESCAPED })}
      </Alert>
    );
  }
  return (
    <Alert severity="warning" title={t('shift.unfinished', 'This shift is not over: the report is unfinished')}>
      {t(
        'shift.unfinished_what',
        'It was read at {{now}} and has what was computed by then; the shift ends at {{end}}. The shifts before are complete: compare rates and shares, not sums.',
        { now: time(readAtMs), end: time(toMs), ...UNESCAPED }
      )}
    </Alert>
  );
}

function Figures({ lines, choice, timeZone }: { lines: ShiftLine[]; choice: ShiftChoice; timeZone: TimeZone }) {
  const before = [1, 2, 3, 4].map((back) => shiftDays(choice, -back, timeZone).day);
  const show = ({ unit, decimals }: ShiftLine, value: number | null) =>
    value === null ? '–' : formattedValueToString(getValueFormat(unit)(value, decimals));
  return (
    <ReportTable
      title={t('shift.figures.title', 'Figures')}
      empty=""
      head={[
        t('shift.head.figure', 'Figure'),
        t('shift.head.this', 'This shift'),
        t('shift.head.mean', 'Mean of the four before'),
        t('shift.head.change', 'Change'),
        ...before,
      ]}
      rows={lines.map((line) => [
        lineName(line.id),
        show(line, line.value),
        show(line, line.mean),
        line.change === null ? '–' : `${line.change > 0 ? '+' : ''}${line.change.toFixed(0)} %`,
        ...line.before.map((value) => show(line, value)),
      ])}
    />
  );
}

function text(value: unknown): string {
  return typeof value === 'string' && value !== '' ? showText(value) : '–';
}

function count(value: unknown): string {
  return formattedValueToString(getValueFormat('none')(Number(value ?? 0), 0));
}

/** `90` as `00:01:30`. */
function duration(value: unknown): string {
  return formattedValueToString(getValueFormat('dthms')(Number(value ?? 0)));
}

function rowsOf(data: PanelData | undefined, refId: string): ReportRow[] {
  const frame = data?.series.find((one) => one.refId === refId);
  if (!frame) return [];
  return Array.from({ length: frame.length }, (_, row) =>
    Object.fromEntries(frame.fields.map(({ name, values }) => [name, values[row] as unknown]))
  );
}
