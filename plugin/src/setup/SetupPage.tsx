import React, { useCallback, useEffect, useRef, useState } from 'react';
import { css } from '@emotion/css';
import { userHasPermission, type AppPluginMeta, type GrafanaTheme2, type PluginConfigPageProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { config, getBackendSrv, getDataSourceSrv } from '@grafana/runtime';
import { Alert, Button, Combobox, Field, Icon, Stack, Text, TextLink, useStyles2, type IconName } from '@grafana/ui';
import { chooseDataSources, type SetupSettings } from '../grafana/dataSources';
import { answerOf } from '../grafana/failureWords';
import { CLICKHOUSE, FLEET_URL, PROMETHEUS } from '../grafana/identifiers';
import { typedSettings } from './applySettings';
import { askChecks } from './askChecks';
import type { Finding } from './checks';
import { Limits } from './Limits';
import { problemsOf } from './problems';
import { BatteryField, LinkFields, linksText, ShiftFields, SiteFields } from './SettingFields';

/** What the pages follow in this organisation: data sources, limits, shifts, sites and links; and whether all that they need is there. */
export default function SetupPage({ plugin }: PluginConfigPageProps<AppPluginMeta<SetupSettings>>) {
  const styles = useStyles2(getStyles);
  const { id, enabled, pinned, jsonData } = plugin.meta;
  const [settings, setSettings] = useState<SetupSettings>(() => typedSettings(jsonData ?? {}));
  const [problem, setProblem] = useState('');
  const [findings, setFindings] = useState<Finding[] | null>(null);
  const isReadOnly = !userHasPermission('plugins:write', config.bootData.user);
  const problems = problemsOf(settings);
  const hasProblems = Object.keys(problems).length > 0;
  const latest = useRef(0);
  const ask = useCallback(async () => {
    const asked = ++latest.current;
    const found = await askChecks();
    // The answers to an earlier check are about another data source, or cut off by this one.
    if (asked === latest.current) setFindings(found);
  }, []);
  useEffect(() => {
    chooseDataSources(typedSettings(jsonData ?? {}));
    void ask();
  }, [jsonData, ask]);
  const check = () => {
    setFindings(null);
    void ask();
  };

  const change = (changed: SetupSettings) => setSettings((before) => ({ ...before, ...changed }));
  const chooseSource = (chosen: SetupSettings) => {
    change(chosen);
    // Checked at once, saved by the button.
    chooseDataSources({ ...settings, ...chosen });
    check();
  };
  const save = async () => {
    try {
      await getBackendSrv().post(
        `/api/plugins/${id}/settings`,
        { enabled, pinned, jsonData: { ...jsonData, ...settings } },
        { showErrorAlert: false, showSuccessAlert: false }
      );
      // Grafana reads the settings of a plugin when it loads.
      window.location.reload();
    } catch (error) {
      setProblem(answerOf(error));
    }
  };
  const fields = { settings, problems, isReadOnly, onChange: change };

  return (
    <div className={styles.page} data-testid="setup">
      {isReadOnly && (
        <Alert
          severity="info"
          title={t('setup.read_only', 'Only an administrator of this organisation can change this')}
        />
      )}
      <h2>{t('setup.sources.title', 'Data sources')}</h2>
      <SourceFields settings={settings} isReadOnly={isReadOnly} onChange={chooseSource} />
      <h2>{t('setup.shifts.title', 'Shifts')}</h2>
      <Text color="secondary">
        {t(
          'setup.shifts.what',
          'For the shift report. A shift ends when the next one starts. Without any: early 06:00, late 14:00, night 22:00.'
        )}
      </Text>
      <ShiftFields {...fields} />
      <h2>{t('setup.sites.title', 'Sites')}</h2>
      <Text color="secondary">
        {t('setup.sites.what', 'Names that people read instead of the ids that robots report as site_id.')}
      </Text>
      <SiteFields {...fields} />
      <h2>{t('setup.links.section', 'Links to other systems')}</h2>
      <Text color="secondary">{linksText()}</Text>
      <LinkFields {...fields} />
      <h2>{t('setup.limits.title', 'Limits')}</h2>
      <BatteryField {...fields} />
      <Limits />
      <Stack direction="row" wrap="wrap" gap={1} alignItems="center">
        {!isReadOnly && (
          <Button disabled={hasProblems} onClick={() => void save()}>
            {t('setup.button', 'Save')}
          </Button>
        )}
        <Button variant="secondary" icon="sync" onClick={check}>
          {t('setup.again', 'Check again')}
        </Button>
        <TextLink href={FLEET_URL} inline>
          {t('setup.open', 'Open the fleet')}
        </TextLink>
        {hasProblems && !isReadOnly && (
          <Text color="error">{t('setup.fix_first', 'Fix what is marked above, then save.')}</Text>
        )}
      </Stack>
      {problem !== '' && (
        <Alert severity="error" title={t('setup.save.failed', 'The settings were not saved')}>
          {problem}
        </Alert>
      )}
      <h2>{t('setup.checks.title', 'Checklist')}</h2>
      {findings === null ? (
        <Text color="secondary">{t('setup.checks.loading', 'Checking …')}</Text>
      ) : (
        <ul data-testid="setup-checks">
          {findings.map((finding) => (
            <Check key={finding.id} finding={finding} />
          ))}
        </ul>
      )}
    </div>
  );
}

interface SourceFieldsProps {
  settings: SetupSettings;
  isReadOnly: boolean;
  onChange: (chosen: SetupSettings) => void;
}

function SourceFields({ settings, isReadOnly, onChange }: SourceFieldsProps) {
  return (
    <>
      <Field
        noMargin
        label={t('setup.sources.clickhouse', 'ClickHouse')}
        description={t(
          'setup.sources.clickhouse_what',
          'All pages read it. Its user needs to read the views of the database warehouse only.'
        )}
      >
        <Combobox
          id="setup-clickhouse"
          disabled={isReadOnly}
          options={optionsOf(CLICKHOUSE.type)}
          value={settings.clickhouseUid || CLICKHOUSE.uid}
          onChange={({ value }) => onChange({ clickhouseUid: value })}
        />
      </Field>
      <Field
        noMargin
        label={t('setup.sources.prometheus', 'Prometheus')}
        description={t('setup.sources.prometheus_what', 'For the metrics of the ingestor. The pages work without it.')}
      >
        <Combobox
          id="setup-prometheus"
          disabled={isReadOnly}
          options={optionsOf(PROMETHEUS.type)}
          value={settings.prometheusUid || PROMETHEUS.uid}
          onChange={({ value }) => onChange({ prometheusUid: value })}
        />
      </Field>
    </>
  );
}

/** The data sources of a type that this user may query, by name. */
function optionsOf(type: string): Array<{ label: string; value: string }> {
  return getDataSourceSrv()
    .getList({ type })
    .map(({ name, uid }) => ({ label: name, value: uid }));
}

const ICONS = {
  ok: 'check-circle',
  warning: 'exclamation-circle',
  failed: 'exclamation-triangle',
  unknown: 'question-circle',
} satisfies Record<Finding['state'], IconName>;

function Check({ finding: { state, title, text, remedy, link } }: { finding: Finding }) {
  const styles = useStyles2(getStyles);
  const words = {
    ok: t('setup.state.ok', 'good'),
    warning: t('setup.state.warning', 'look at this'),
    failed: t('setup.state.failed', 'does not work'),
    unknown: t('setup.state.unknown', 'not known'),
  };
  return (
    <li>
      <span className={styles[state]}>
        <Icon name={ICONS[state]} /> {words[state]}
      </span>
      <div>
        <strong>{title}</strong>
        <div>{text}</div>
        {remedy !== '' && (
          <div className={styles.remedy}>
            {t('setup.todo', 'What to do:')} {remedy}{' '}
            {link && (
              <TextLink href={link} inline>
                {t('setup.more', 'More')}
              </TextLink>
            )}
          </div>
        )}
      </div>
    </li>
  );
}

const getStyles = (theme: GrafanaTheme2) => {
  const state = (color: string) =>
    css({ display: 'inline-flex', alignItems: 'center', gap: 4, flex: '0 0 130px', color });
  return {
    page: css({
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(2),
      maxWidth: 820,
      h2: { margin: theme.spacing(1, 0, 0), fontSize: theme.typography.h4.fontSize },
      ul: { listStyle: 'none', margin: 0 },
      li: {
        display: 'flex',
        flexWrap: 'wrap',
        gap: theme.spacing(0.5, 2),
        padding: theme.spacing(1, 0),
        borderTop: `1px solid ${theme.colors.border.weak}`,
        overflowWrap: 'anywhere',
        '& > div': { flex: '1 1 240px' },
      },
      dl: {
        display: 'grid',
        gridTemplateColumns: 'minmax(90px, max-content) minmax(0, 1fr)',
        gap: theme.spacing(0.5, 2),
        margin: theme.spacing(1, 0, 0),
      },
      dt: { fontWeight: theme.typography.fontWeightMedium },
      dd: { margin: 0, overflowWrap: 'anywhere' },
      code: { whiteSpace: 'normal' },
    }),
    remedy: css({ color: theme.colors.text.secondary }),
    ok: state(theme.colors.success.text),
    warning: state(theme.colors.warning.text),
    failed: state(theme.colors.error.text),
    unknown: state(theme.colors.text.secondary),
  };
};
