import React from 'react';
import { t, Trans } from '@grafana/i18n';
import { getDataSourceSrv } from '@grafana/runtime';
import { Alert, TextLink } from '@grafana/ui';
import { CLICKHOUSE, PROMETHEUS, SETUP_URL } from '../grafana/identifiers';
import { UNESCAPED } from '../grafana/showText';

/** Says what to do when a data source that the pages read is not there; nothing when both are. */
export function MissingDataSource() {
  return (
    <>
      {!getDataSourceSrv().getInstanceSettings(CLICKHOUSE.uid) && (
        <Missing name="ClickHouse" source={CLICKHOUSE} severity="error">
          <Trans
            i18nKey="source.clickhouse"
            defaults="Robots, map and dead letters come from it. Its user needs to read the views of the <code>warehouse</code> database only."
            components={CODE}
          />
        </Missing>
      )}
      {!getDataSourceSrv().getInstanceSettings(PROMETHEUS.uid) && (
        <Missing name="Prometheus" source={PROMETHEUS} severity="warning">
          {t(
            'source.prometheus',
            'Without it, the lag that the ingestor measures and the duration of inserts are not shown; everything else works.'
          )}
        </Missing>
      )}
    </>
  );
}

const CODE = { code: <code /> };

/** Takes its text from the translation around it. */
function Link({ to, children }: { to: string; children?: React.ReactNode }) {
  return (
    <TextLink href={to} inline>
      {children}
    </TextLink>
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
    <Alert
      title={t('source.missing', 'Floorwatch cannot find its {{name}} data source', { name, ...UNESCAPED })}
      severity={severity}
    >
      <Trans
        i18nKey="source.remedy"
        defaults="The pages read the data source with the uid <code>{{uid}}</code>. Mount Floorwatch's <code>provisioning/datasources</code> into Grafana, or <add>add a {{name}} data source</add> and give it that uid. Or <choose>choose a data source</choose> of this organisation in the configuration of the plugin."
        values={{ uid, name }}
        components={{
          ...CODE,
          add: <Link to={`/connections/datasources/${type}`} />,
          choose: <Link to={SETUP_URL} />,
        }}
      />{' '}
      {children}
    </Alert>
  );
}
