import React from 'react';
import { css } from '@emotion/css';
import { dateTimeFormat, LoadingState, type GrafanaTheme2, type PanelData, type TimeZone } from '@grafana/data';
import { t } from '@grafana/i18n';
import { sceneGraph, SceneObjectBase, type SceneComponentProps, type SceneObjectState } from '@grafana/scenes';
import { Button, ClipboardButton, Pagination, Stack, Text, useStyles2 } from '@grafana/ui';
import { changeAddress, useAddress } from '../../grafana/address';
import { showText, UNESCAPED } from '../../grafana/showText';
import { DEAD_LETTERS_PER_PAGE, readDeadLetterChoice } from '../../queries/deadLetters';
import { CannotRead } from '../CannotRead';
import { useUnread } from '../lastError';
import { placeOf, requeueOne, requeueReason, type DeadLetterPlace } from './requeueCommand';

interface DeadLetter extends DeadLetterPlace {
  reason: string;
  detail: string;
  /** The first bytes, without personal values. */
  sample: string;
  raw_bytes: number;
  /** Milliseconds since the epoch. */
  received_at: number;
  path: string;
  repaired_at: number | null;
  /** On all pages. */
  letters: number;
}

/** The dead letters of the chosen time, each with its payload, why it was rejected, and the command that requeues it. */
export class DeadLetters extends SceneObjectBase<SceneObjectState> {
  static readonly Component = List;
}

function List({ model }: SceneComponentProps<DeadLetters>) {
  const styles = useStyles2(getStyles);
  const { data } = sceneGraph.getData(model).useState();
  const timeRange = sceneGraph.getTimeRange(model);
  const { from } = timeRange.useState().value;
  const timeZone = timeRange.getTimeZone();
  const choice = readDeadLetterChoice(new URLSearchParams([useAddress('reason'), useAddress('page')].join('&')));
  return (
    <section className={styles.section} aria-labelledby="dead-letters" data-testid="dead-letters">
      <Stack direction="row" wrap="wrap" gap={2} alignItems="center" justifyContent="space-between">
        <h2 id="dead-letters">{t('pipeline.letters.title', 'Dead letters')}</h2>
        {choice.reason !== '' && (
          <Stack direction="row" wrap="wrap" gap={1} alignItems="center">
            <span>
              {t('pipeline.letters.reason', 'Reason: {{reason}}', {
                reason: showText(choice.reason),
                ...UNESCAPED,
              })}
            </span>
            <Button
              size="sm"
              variant="secondary"
              icon="times"
              onClick={() => changeAddress({ reason: null, page: null }, 'new step')}
            >
              {t('pipeline.letters.all', 'All reasons')}
            </Button>
            <Command text={requeueReason(choice.reason, from.valueOf())} />
          </Stack>
        )}
      </Stack>
      <p>
        {t(
          'pipeline.letters.what',
          'Events that break a rule of the contract are not stored; their bytes are kept. Correct the sender first. A requeued event is stored exactly once.'
        )}
      </p>
      <Letters data={data} page={choice.page} timeZone={timeZone} />
    </section>
  );
}

function Letters({ data, page, timeZone }: { data: PanelData | undefined; page: number; timeZone: TimeZone }) {
  const styles = useStyles2(getStyles);
  const unread = useUnread(data);
  const notice = <CannotRead what={t('pipeline.letters.title', 'Dead letters')} unread={unread} />;
  const letters = readLetters(data);
  if (letters === null)
    return unread ? notice : <Text color="secondary">{t('pipeline.letters.loading', 'Reading dead letters …')}</Text>;
  const [first] = letters;
  if (first === undefined) {
    return (
      <>
        {notice}
        <Stack direction="row" gap={1} alignItems="center" wrap="wrap">
          <span data-testid="no-dead-letter">
            {page > 1
              ? t('pipeline.letters.behind', 'There is no page {{page}}.', { page })
              : t('pipeline.letters.none', 'No invalid event in this time range.')}
          </span>
          {page > 1 && (
            <Button size="sm" variant="secondary" onClick={() => changeAddress({ page: null }, 'new step')}>
              {t('pipeline.letters.first', 'Go to the first page')}
            </Button>
          )}
        </Stack>
      </>
    );
  }
  const before = (page - 1) * DEAD_LETTERS_PER_PAGE;
  return (
    <>
      {notice}
      <ol className={styles.list} start={before + 1}>
        {letters.map((letter) => (
          <Letter key={placeOf(letter)} letter={letter} timeZone={timeZone} />
        ))}
      </ol>
      <Stack direction="row" wrap="wrap" gap={2} alignItems="center" justifyContent="space-between">
        <span role="status">
          {t('pipeline.letters.count', '{{first}} to {{last}} of {{all}}', {
            first: before + 1,
            last: before + letters.length,
            all: first.letters,
          })}
        </span>
        <Pagination
          currentPage={page}
          numberOfPages={Math.ceil(first.letters / DEAD_LETTERS_PER_PAGE)}
          hideWhenSinglePage
          showSmallVersion
          onNavigate={(next) => changeAddress({ page: next === 1 ? null : String(next) }, 'new step')}
        />
      </Stack>
    </>
  );
}

function Letter({ letter, timeZone }: { letter: DeadLetter; timeZone: TimeZone }) {
  const time = (ms: number) => dateTimeFormat(ms, { timeZone });
  const { reason, detail, sample, raw_bytes: bytes, received_at: receivedAt, repaired_at: repairedAt, path } = letter;
  return (
    <li>
      <Stack direction="row" wrap="wrap" gap={2} alignItems="center" justifyContent="space-between">
        <span>
          <strong>{showText(reason)}</strong>
          {detail !== '' && ` · ${showText(detail)}`} · {time(receivedAt)} ·{' '}
          {path === 'engine' ? t('pipeline.letters.engine', 'path A') : t('pipeline.letters.ingestor', 'path B')} ·{' '}
          {showText(placeOf(letter))}
        </span>
        {repairedAt === null ? (
          <Command text={requeueOne(letter)} />
        ) : (
          <Text color="secondary">
            {t('pipeline.letters.repaired', 'requeued {{time}}', {
              time: time(repairedAt),
              ...UNESCAPED,
            })}
          </Text>
        )}
      </Stack>
      {/* Scrolled by keyboard too. */}
      <pre tabIndex={0} aria-label={t('pipeline.letters.payload', 'Payload')}>
        {showPayload(sample)}
        {bytes > sample.length && sample.length >= LONGEST_SAMPLE
          ? `\n… ${t('pipeline.letters.more', '{{bytes}} bytes in all', { bytes })}`
          : ''}
      </pre>
    </li>
  );
}

/** The view cuts samples here. */
const LONGEST_SAMPLE = 4_096;

function Command({ text }: { text: string | null }) {
  if (text === null) return null;
  return (
    <Stack direction="row" wrap="wrap" gap={1} alignItems="center">
      <code>{text}</code>
      <ClipboardButton
        size="sm"
        variant="secondary"
        icon="copy"
        aria-label={t('pipeline.letters.copy_this', 'Copy the command {{text}}', {
          text,
          ...UNESCAPED,
        })}
        getText={() => text}
      >
        {t('pipeline.letters.copy', 'Copy')}
      </ClipboardButton>
    </Stack>
  );
}

/** Lines stay lines; all else that is not seen is shown. */
function showPayload(text: string): string {
  return text.split('\n').map(showText).join('\n');
}

/** null while nothing was read. */
function readLetters(data: PanelData | undefined): DeadLetter[] | null {
  const frame = data?.series[0];
  if (!frame) return data?.state === LoadingState.Done ? [] : null;
  return Array.from(
    { length: frame.length },
    (_, row) =>
      Object.fromEntries(
        frame.fields.map(({ name, values }) => [name, values[row] as unknown])
      ) as unknown as DeadLetter
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  section: css({
    width: '100%',
    padding: theme.spacing(2),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    h2: { margin: 0, fontSize: theme.typography.h5.fontSize },
    p: { color: theme.colors.text.secondary },
    code: { margin: 0, overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' },
  }),
  list: css({
    listStyle: 'none',
    margin: 0,
    li: {
      padding: theme.spacing(1, 0),
      borderTop: `1px solid ${theme.colors.border.weak}`,
      overflowWrap: 'anywhere',
    },
    pre: { maxHeight: 140, margin: theme.spacing(1, 0, 0), whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' },
  }),
});
