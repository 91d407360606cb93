import React from 'react';
import { getDataSourceSrv } from '@grafana/runtime';
import { Alert, TextLink } from '@grafana/ui';
import { CLICKHOUSE } from '../constants';

/** Says what to do when the data source that all pages read is not there; nothing when it is. */
export function MissingDataSource() {
  if (getDataSourceSrv().getInstanceSettings(CLICKHOUSE.uid)) return null;
  return (
    <Alert title="Floorwatch cannot find its ClickHouse data source" severity="error">
      The pages read the data source with the uid <code>{CLICKHOUSE.uid}</code>. Mount Floorwatch&apos;s{' '}
      <code>provisioning/datasources</code> into Grafana, or{' '}
      <TextLink href={`/connections/datasources/${CLICKHOUSE.type}`} inline>
        add a ClickHouse data source
      </TextLink>{' '}
      and give it that uid. The user needs to read the views of the <code>warehouse</code> database only.
    </Alert>
  );
}
