import React from 'react';
import { getDataSourceSrv } from '@grafana/runtime';
import { Alert, TextLink } from '@grafana/ui';
import { CLICKHOUSE, PROMETHEUS } from '../grafana/identifiers';

/** Says what to do when a data source that the pages read is not there; nothing when both are. */
export function MissingDataSource() {
  return (
    <>
      {!getDataSourceSrv().getInstanceSettings(CLICKHOUSE.uid) && (
        <Missing name="ClickHouse" source={CLICKHOUSE} severity="error">
          Robots, map and dead letters come from it. Its user needs to read the views of the <code>warehouse</code>{' '}
          database only.
        </Missing>
      )}
      {!getDataSourceSrv().getInstanceSettings(PROMETHEUS.uid) && (
        <Missing name="Prometheus" source={PROMETHEUS} severity="warning">
          It alone knows how far the pipeline is behind Kafka; the other panels do without it.
        </Missing>
      )}
    </>
  );
}

interface MissingProps {
  name: string;
  source: typeof CLICKHOUSE;
  severity: 'error' | 'warning';
  children: React.ReactNode;
}

function Missing({ name, source: { uid, type }, severity, children }: MissingProps) {
  return (
    <Alert title={`Floorwatch cannot find its ${name} data source`} severity={severity}>
      The pages read the data source with the uid <code>{uid}</code>. Mount Floorwatch&apos;s{' '}
      <code>provisioning/datasources</code> into Grafana, or{' '}
      <TextLink href={`/connections/datasources/${type}`} inline>
        add a {name} data source
      </TextLink>{' '}
      and give it that uid. {children}
    </Alert>
  );
}
