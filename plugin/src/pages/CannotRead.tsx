import React from 'react';
import type { PanelData } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Alert, TextLink } from '@grafana/ui';
import { RUNBOOKS_URL } from '../grafana/identifiers';
import { UNESCAPED } from '../grafana/showText';

/** The database refused a question or does not answer: its words, and what to do. */
export function CannotRead({ what, data }: { what: string; data: PanelData }) {
  const message =
    data.errors?.[0]?.message ?? data.error?.message ?? t('read.no_reason', 'the data source gave no reason');
  return (
    <Alert severity="error" title={t('read.failed', '{{what}} cannot be read from ClickHouse', { what, ...UNESCAPED })}>
      {message}
      <br />
      {t('read.again', 'The page asks again at its next refresh.')}{' '}
      <TextLink href={`${RUNBOOKS_URL}/clickhouse-down`} inline>
        {t('read.check', 'What to check')}
      </TextLink>
    </Alert>
  );
}
