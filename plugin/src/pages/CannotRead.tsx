import React from 'react';
import { dateTimeFormat } from '@grafana/data';
import { t } from '@grafana/i18n';
import {
  sceneGraph,
  SceneObjectBase,
  type SceneComponentProps,
  type SceneObjectRef,
  type SceneObjectState,
  type VizPanel,
} from '@grafana/scenes';
import { Alert, TextLink } from '@grafana/ui';
import { RUNBOOKS_URL } from '../grafana/identifiers';
import { showText, UNESCAPED } from '../grafana/showText';
import { useUnread, type Unread } from './lastError';

interface CannotReadProps {
  what: string;
  /** null: all is well, and nothing is said. */
  unread: Unread | null;
}

/** The database refused a question or does not answer: why, what is still shown, and what to do. */
export function CannotRead({ what, unread }: CannotReadProps) {
  if (unread === null) return null;
  const { reason, shownOfMs, timeZone } = unread;
  return (
    <Alert
      severity={reason === null ? 'warning' : 'error'}
      title={
        reason === null
          ? t('read.awaited', '{{what}}: ClickHouse has not answered yet', { what, ...UNESCAPED })
          : t('read.failed', '{{what}} cannot be read from ClickHouse', { what, ...UNESCAPED })
      }
      data-testid="cannot-read"
    >
      {reason === null
        ? t('read.awaited_why', 'ClickHouse is not running, is overloaded, or Grafana cannot reach it.')
        : showText(reason || t('read.no_reason', 'The data source gives no reason.'))}
      <br />
      {!Number.isNaN(shownOfMs) &&
        `${t('read.shown', 'The page shows what was read at {{time}}.', {
          time: dateTimeFormat(shownOfMs, timeZone === undefined ? {} : { timeZone }),
          ...UNESCAPED,
        })} `}
      {t('read.again', 'The page asks again at its next refresh.')}{' '}
      <TextLink href={`${RUNBOOKS_URL}/clickhouse-down`} inline>
        {t('read.check', 'What to check')}
      </TextLink>
    </Alert>
  );
}

interface ReadNoticeState extends SceneObjectState {
  what: string;
  /** A panel whose rows stand for all of the page. */
  panel: SceneObjectRef<VizPanel>;
}

/** The same over a page whose panels only have a sign in their corner. */
export class ReadNotice extends SceneObjectBase<ReadNoticeState> {
  static readonly Component = Notice;
}

function Notice({ model }: SceneComponentProps<ReadNotice>) {
  const { what, panel } = model.useState();
  const { data } = sceneGraph.getData(panel.resolve()).useState();
  return <CannotRead what={what} unread={useUnread(data)} />;
}
