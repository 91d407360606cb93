import React, { useState } from 'react';
import { css } from '@emotion/css';
import { dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { getBackendSrv } from '@grafana/runtime';
import { sceneGraph, SceneObjectBase, type SceneComponentProps, type SceneObjectState } from '@grafana/scenes';
import { Button, Stack, TextArea, useStyles2 } from '@grafana/ui';
import { useAddress } from '../../grafana/address';
import { showText, UNESCAPED } from '../../grafana/showText';
import { findIncident } from './incidents';
import { wordsOf } from '../../grafana/failureWords';
import type { IncidentStore } from './incidentStore';

interface IncidentNotesState extends SceneObjectState {
  store: IncidentStore;
}

/** Notes are annotations of Grafana: the map, charts and the next shift show them. */
export class IncidentNotes extends SceneObjectBase<IncidentNotesState> {
  static readonly Component = Notes;
}

const LONGEST_NOTE = 2_000;

function Notes({ model }: SceneComponentProps<IncidentNotes>) {
  const styles = useStyles2(getStyles);
  const { store } = model.useState();
  const { notes, incidents } = store.useState();
  const timeZone = sceneGraph.getTimeRange(model).getTimeZone();
  const address = new URLSearchParams([useAddress('incident'), useAddress('at')].join('&'));
  const [draft, setDraft] = useState('');
  const [problem, setProblem] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const incident = findIncident(incidents ?? [], address.get('incident') ?? '');
  const atMs = Number(address.get('at') ?? NaN);
  const hasMoment = Number.isFinite(atMs) && atMs > 0;
  const save = async () => {
    setIsBusy(true);
    try {
      const robots = incident && incident.robotIds.length <= 5 ? incident.robotIds : [];
      const tags = ['floorwatch', ...(incident ? [incident.rule] : []), ...robots.map((id) => `robot:${id}`)];
      await getBackendSrv().post(
        '/api/annotations',
        { time: Math.round(hasMoment ? atMs : Date.now()), text: draft.trim(), tags },
        { showErrorAlert: false, showSuccessAlert: false }
      );
      setDraft('');
      setProblem('');
      await store.read();
    } catch (error) {
      setProblem(wordsOf(error));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <section className={styles} aria-labelledby="notes" data-testid="notes">
      <h2 id="notes">{t('notes.title', 'Notes')}</h2>
      <TextArea
        aria-label={t('notes.new', 'New note')}
        placeholder={t('notes.placeholder', 'What was found, what was done')}
        rows={2}
        maxLength={LONGEST_NOTE}
        value={draft}
        onChange={(event) => setDraft(event.currentTarget.value)}
      />
      <Stack direction="row" wrap="wrap" gap={1} alignItems="center">
        <Button size="sm" disabled={draft.trim() === '' || isBusy} onClick={() => void save()}>
          {t('notes.save', 'Save the note')}
        </Button>
        <span>
          {hasMoment
            ? t('notes.at', 'at {{time}}', { time: dateTimeFormat(atMs, { timeZone }), ...UNESCAPED })
            : t('notes.now', 'at the present time')}
        </span>
      </Stack>
      {problem !== '' && (
        <p role="alert">
          {t('notes.failed', 'The note was not saved: {{problem}}. Notes need the right to write annotations.', {
            problem,
            ...UNESCAPED,
          })}
        </p>
      )}
      <ul>
        {notes.map(({ id, time: at, text = '', login = '', tags = [] }) => (
          <li key={id}>
            <small>
              {dateTimeFormat(at, { timeZone })}
              {login !== '' && ` · ${showText(login)}`}
              {tags.length > 0 && ` · ${tags.map(showText).join(', ')}`}
            </small>
            <div>{text.split('\n').map(showText).join('\n')}</div>
          </li>
        ))}
      </ul>
      {notes.length === 0 && <p>{t('notes.none', 'No note in this time range.')}</p>}
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) =>
  css({
    width: '100%',
    padding: theme.spacing(2),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    h2: { margin: theme.spacing(0, 0, 1), fontSize: theme.typography.h5.fontSize },
    textarea: { marginBottom: theme.spacing(1) },
    span: { color: theme.colors.text.secondary },
    p: { margin: theme.spacing(1, 0, 0), color: theme.colors.text.secondary },
    ul: { listStyle: 'none', margin: theme.spacing(1, 0, 0), maxHeight: 300, overflowY: 'auto' },
    li: {
      padding: theme.spacing(0.75, 0),
      borderTop: `1px solid ${theme.colors.border.weak}`,
      overflowWrap: 'anywhere',
      small: { color: theme.colors.text.secondary },
      div: { whiteSpace: 'pre-wrap' },
    },
  });
