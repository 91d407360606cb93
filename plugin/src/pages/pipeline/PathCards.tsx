import React from 'react';
import { css } from '@emotion/css';
import { LoadingState, type GrafanaTheme2, type PanelData } from '@grafana/data';
import { t } from '@grafana/i18n';
import {
  sceneGraph,
  SceneObjectBase,
  type SceneComponentProps,
  type SceneObjectState,
  type SceneQueryRunner,
} from '@grafana/scenes';
import { Alert, Icon, Text, TextLink, useStyles2, type IconName } from '@grafana/ui';
import { showQuantity, showText, UNESCAPED } from '../../grafana/showText';
import { RUNBOOKS_URL } from '../../grafana/identifiers';
import { CannotRead } from '../CannotRead';
import { useUnread } from '../lastError';
import { findRunbook } from '../runbooks/runbooks';
import { runbookOf, STATE_TONES, stateOfPath, type PathFigures, type PathState } from './pathState';
import { readIngestorMetrics, type IngestorMetrics } from './ingestorMetrics';

interface PathCardsState extends SceneObjectState {
  /** What Prometheus knows of the ingestor; without a data source, none. */
  metrics?: SceneQueryRunner;
}

/** Both ingestion paths side by side, each with its figures, or with the reason why it has none. */
export class PathCards extends SceneObjectBase<PathCardsState> {
  static readonly Component = Cards;

  constructor(state: PathCardsState) {
    super(state);
    this.addActivationHandler(() => this.state.metrics?.activate());
  }
}

function Cards({ model }: SceneComponentProps<PathCards>) {
  const styles = useStyles2(getStyles);
  const { metrics } = model.useState();
  const { data } = sceneGraph.getData(model).useState();
  const unread = useUnread(data);
  const notice = <CannotRead what={t('pipeline.cards.what', 'The pipeline')} unread={unread} />;
  const paths = readPaths(data);
  if (paths.length === 0) {
    return unread ? notice : <Text color="secondary">{t('pipeline.cards.loading', 'Reading the pipeline …')}</Text>;
  }
  return (
    <div className={styles.all}>
      {notice}
      <div className={styles.cards}>
        {paths.map((path) =>
          path.path === 'ingestor' && metrics ? (
            <MeasuredCard key={path.path} path={path} paths={paths} metrics={metrics} />
          ) : (
            <Card key={path.path} path={path} paths={paths} metrics={null} />
          )
        )}
      </div>
    </div>
  );
}

interface CardProps {
  path: PathFigures;
  paths: readonly PathFigures[];
}

function MeasuredCard({ metrics, ...props }: CardProps & { metrics: SceneQueryRunner }) {
  const { data } = metrics.useState();
  if (data?.state === LoadingState.Error) return <Card {...props} metrics={null} isPrometheusDown />;
  return <Card {...props} metrics={readIngestorMetrics(data)} />;
}

function Card({
  path,
  paths,
  metrics,
  isPrometheusDown = false,
}: CardProps & { metrics: IngestorMetrics | null; isPrometheusDown?: boolean }) {
  const styles = useStyles2(getStyles);
  const state = stateOfPath(
    path,
    paths.find((one) => one !== path)
  );
  const isFailing = metrics !== null && metrics.failing !== '';
  const tone = isFailing ? 'error' : STATE_TONES[state];
  const runbook = findRunbook(runbookOf(state, path.path, isFailing));
  const name =
    path.path === 'engine'
      ? t('pipeline.path.engine', 'Path A: Kafka engine of ClickHouse')
      : t('pipeline.path.ingestor', 'Path B: ingestor');
  return (
    <section className={styles.card} aria-label={name} data-testid={`path-${path.path}`}>
      <header>
        <h2>{name}</h2>
        <span className={styles[tone]}>
          <Icon name={ICONS[tone]} /> {isFailing ? t('pipeline.state.failing', 'failing') : stateText(state)}
        </span>
      </header>
      <p>
        {isFailing
          ? t('pipeline.meaning.inserts', 'Inserts into ClickHouse fail: {{reason}}.', {
              reason: showText(metrics.failing),
              ...UNESCAPED,
            })
          : meaningOf(state, path)}{' '}
        {runbook && (
          <TextLink href={`${RUNBOOKS_URL}/${runbook.slug}`} inline>
            {t('pipeline.cards.todo', 'What to do: {{title}}', { title: runbook.title, ...UNESCAPED })}
          </TextLink>
        )}
      </p>
      {state !== 'off' && (
        <dl>
          {figuresOf(path, state, metrics).map(([figure, value]) => (
            <div key={figure}>
              <dt>{figure}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {path.path === 'ingestor' && state !== 'off' && metrics === null && (
        <Alert
          severity={isPrometheusDown ? 'warning' : 'info'}
          title={
            isPrometheusDown
              ? t('pipeline.prometheus.down', 'Prometheus does not answer')
              : t('pipeline.prometheus.missing', 'No Prometheus data source')
          }
        >
          {t(
            'pipeline.prometheus.what',
            'Duration of inserts, failed inserts and the age of events of this path are in Prometheus alone. All other figures on this page come from ClickHouse.'
          )}{' '}
          <TextLink href={`${RUNBOOKS_URL}/prometheus-down`} inline>
            {t('pipeline.prometheus.check', 'What to check')}
          </TextLink>
        </Alert>
      )}
    </section>
  );
}

function figuresOf(path: PathFigures, state: PathState, metrics: IngestorMetrics | null): Array<[string, string]> {
  const none = '–';
  const isRunning = state !== 'stopped';
  return [
    [
      t('pipeline.figure.rate', 'Events per second, last minute'),
      isRunning ? showQuantity(path.rows_per_second_1m, 'short', 1) : none,
    ],
    [t('pipeline.figure.messages', 'Lag in messages'), showQuantity(path.lag_messages, 'short', 0, notMeasured())],
    [t('pipeline.figure.seconds', 'Lag, longest partition'), showQuantity(path.lag_seconds, 's', 1, notMeasured())],
    [t('pipeline.figure.newest', 'Age of the newest event'), showQuantity(path.newest_event_seconds, 's', 1)],
    [t('pipeline.figure.row', 'Last event stored'), agoOf(path.seconds_since_received)],
    [t('pipeline.figure.rejected', 'Invalid events, last 5 minutes'), showQuantity(path.dead_letters_5m, 'short', 0)],
    ...(metrics === null
      ? []
      : ([
          [
            t('pipeline.figure.age', 'From robot to ClickHouse, p50 / p95'),
            `${showQuantity(metrics.eventAgeP50Seconds, 's', 1)} / ${showQuantity(metrics.eventAgeP95Seconds, 's', 1)}`,
          ],
          [
            t('pipeline.figure.insert', 'Duration of inserts, p50 / p95'),
            `${showQuantity(metrics.insertP50Seconds, 's', 2)} / ${showQuantity(metrics.insertP95Seconds, 's', 2)}`,
          ],
          [
            t('pipeline.figure.failed', 'Failed inserts, last 5 minutes'),
            showQuantity(metrics.failedInserts, 'short', 0),
          ],
        ] satisfies Array<[string, string]>)),
    ...(path.path === 'engine'
      ? ([
          [t('pipeline.figure.partitions', 'Assigned partitions'), showQuantity(path.assigned_partitions, 'short', 0)],
          [t('pipeline.figure.error', 'Last error'), lastErrorOf(path)],
        ] satisfies Array<[string, string]>)
      : []),
  ];
}

const notMeasured = () => t('pipeline.figure.unmeasured', 'not measured');

function agoOf(seconds: number | null): string {
  if (seconds === null) return t('pipeline.figure.never', 'never');
  return t('pipeline.figure.ago', '{{age}} ago', { age: showQuantity(seconds, 's', 0), ...UNESCAPED });
}

function lastErrorOf({ last_exception, exception_seconds }: PathFigures): string {
  if (!last_exception) return t('pipeline.figure.no_error', 'none since ClickHouse started');
  return `${agoOf(exception_seconds)}: ${showText(last_exception).slice(0, 500)}`;
}

function stateText(state: PathState): string {
  switch (state) {
    case 'running':
      return t('pipeline.state.running', 'running');
    case 'late':
      return t('pipeline.state.late', 'late');
    case 'failing':
      return t('pipeline.state.failing', 'failing');
    case 'stuck':
      return t('pipeline.state.stuck', 'stuck');
    case 'joining':
      return t('pipeline.state.joining', 'joining');
    case 'no events':
      return t('pipeline.state.empty', 'no events');
    case 'stopped':
      return t('pipeline.state.stopped', 'stopped');
    case 'off':
      return t('pipeline.state.off', 'off');
  }
}

function meaningOf(state: PathState, path: PathFigures): string {
  switch (state) {
    case 'running':
      return t('pipeline.meaning.running', 'Events are stored as they come.');
    case 'late':
      return t('pipeline.meaning.late', 'Events are stored late: Grafana shows the past.');
    case 'failing':
      return t('pipeline.meaning.failing', 'ClickHouse reads Kafka and fails again and again.');
    case 'stuck':
      return t('pipeline.meaning.stuck', 'Messages wait in Kafka, and none was stored in the last minute.');
    case 'joining':
      return t('pipeline.meaning.joining', 'ClickHouse waits for partitions. This takes up to a minute after a start.');
    case 'no events':
      return t('pipeline.meaning.empty', 'It reads Kafka, and no event arrives. Nothing is left to store.');
    case 'stopped':
      return path.path === 'engine'
        ? t('pipeline.meaning.engine_stopped', 'ClickHouse does not read Kafka any more.')
        : t('pipeline.meaning.ingestor_stopped', 'It stored events and does not report any more.');
    case 'off':
      return t('pipeline.meaning.off', 'This path is off (INGEST_PATH), so it has no figures.');
  }
}

function readPaths(data: PanelData | undefined): PathFigures[] {
  const frame = data?.series[0];
  if (!frame) return [];
  return Array.from(
    { length: frame.length },
    (_, row) =>
      Object.fromEntries(
        frame.fields.map(({ name, values }) => [name, values[row] as unknown])
      ) as unknown as PathFigures
  );
}

const ICONS = {
  success: 'check-circle',
  warning: 'exclamation-circle',
  error: 'exclamation-triangle',
  secondary: 'pause',
} satisfies Record<string, IconName>;

const getStyles = (theme: GrafanaTheme2) => {
  const state = (color: string) =>
    css({ display: 'inline-flex', alignItems: 'center', gap: theme.spacing(0.5), whiteSpace: 'nowrap', color });
  return {
    all: css({ width: '100%' }),
    cards: css({
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fit, minmax(min(420px, 100%), 1fr))',
      gap: theme.spacing(1),
      width: '100%',
    }),
    card: css({
      padding: theme.spacing(2),
      background: theme.colors.background.primary,
      border: `1px solid ${theme.colors.border.weak}`,
      borderRadius: theme.shape.radius.default,
      header: {
        display: 'flex',
        flexWrap: 'wrap',
        justifyContent: 'space-between',
        gap: theme.spacing(1),
        h2: { margin: 0, fontSize: theme.typography.h5.fontSize },
      },
      p: { margin: theme.spacing(1, 0, 0), color: theme.colors.text.secondary },
      dl: {
        display: 'grid',
        gridTemplateColumns: 'repeat(auto-fill, minmax(min(160px, 100%), 1fr))',
        gap: theme.spacing(1.5, 2),
        margin: theme.spacing(2, 0, 0),
      },
      dt: { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular },
      dd: { margin: 0, overflowWrap: 'anywhere', fontVariantNumeric: 'tabular-nums' },
    }),
    success: state(theme.colors.success.text),
    warning: state(theme.colors.warning.text),
    error: state(theme.colors.error.text),
    secondary: state(theme.colors.text.secondary),
  };
};
