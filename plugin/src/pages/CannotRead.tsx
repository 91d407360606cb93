import React from 'react';
import type { PanelData } from '@grafana/data';
import { Alert, TextLink } from '@grafana/ui';
import { RUNBOOKS_URL } from '../grafana/identifiers';

/** The database refused a question or does not answer: its words, and what to do. */
export function CannotRead({ what, data }: { what: string; data: PanelData }) {
  const message = data.errors?.[0]?.message ?? data.error?.message ?? 'the data source gave no reason';
  return (
    <Alert severity="error" title={`${what} cannot be read from ClickHouse`}>
      {message}
      <br />
      The page asks again at its next refresh.{' '}
      <TextLink href={`${RUNBOOKS_URL}/clickhouse-down`} inline>
        What to check
      </TextLink>
    </Alert>
  );
}
