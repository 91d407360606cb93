import React from 'react';
import { css } from '@emotion/css';
import {
  dateTimeFormat,
  formattedValueToString,
  getValueFormat,
  LoadingState,
  type DataFrame,
  type GrafanaTheme2,
} from '@grafana/data';
import { t } from '@grafana/i18n';
import { sceneGraph, SceneObjectBase, type SceneComponentProps, type SceneObjectState } from '@grafana/scenes';
import { Alert, LinkButton, Stack, Text, TextLink, useStyles2, useTheme2 } from '@grafana/ui';
import { statusWord } from '../../floormap/fleet/status';
import { addressOf, addressOfRobot, useAddress } from '../../grafana/address';
import { ROBOTS_URL } from '../../grafana/identifiers';
import { showText, UNESCAPED } from '../../grafana/showText';
import { siteName } from '../../grafana/siteNames';
import { idOfAddress } from '../../queries/oneRobot';
import { CannotRead } from '../CannotRead';
import { useUnread } from '../lastError';
import { retiredText } from '../fleet/RetiredNotice';
import { robotLinks } from '../robotLinks';
import { colourOfStatus } from '../statusMappings';

/** What the robot is and does now; what is known of an id that is not in service. */
export class RobotSheet extends SceneObjectBase<SceneObjectState> {
  static readonly Component = Sheet;
}

function Sheet({ model }: SceneComponentProps<RobotSheet>) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const { data } = sceneGraph.getData(model).useState();
  const unread = useUnread(data);
  const timeZone = sceneGraph.getTimeRange(model).getTimeZone();
  const id = idOfAddress(new URLSearchParams(useAddress('id')));
  if (id === '')
    return (
      <NotInService
        title={t('robot.sheet.nameless', 'The address names no robot')}
        text={t('robot.sheet.nameless_what', "It ends with ?id= and the robot's id.")}
      />
    );
  const notice = <CannotRead what={t('robot.sheet.subject', 'This robot')} unread={unread} />;
  const frame = data?.series[0];
  if (!frame && unread) return notice;
  if (!frame && data?.state !== LoadingState.Done)
    return <Text color="secondary">{t('robot.sheet.loading', 'Reading the robot …')}</Text>;
  const row = frame && frame.length > 0 ? readRow(frame) : null;
  const name = showText(id);
  if (row === null) {
    return (
      <>
        {notice}
        <NotInService
          title={t('robot.sheet.unknown', 'No robot has the id {{name}}', { name, ...UNESCAPED })}
          text={t('robot.sheet.unknown_what', 'It has never reported, and nobody has registered it.')}
        />
      </>
    );
  }
  const text = (field: string) => (typeof row[field] === 'string' && row[field] !== '' ? showText(row[field]) : '–');
  const number = (field: string, unit: string, decimals?: number) =>
    typeof row[field] === 'number' ? formattedValueToString(getValueFormat(unit)(row[field], decimals)) : '–';
  const time = (field: string) => (typeof row[field] === 'number' ? dateTimeFormat(row[field], { timeZone }) : '–');
  if (row.service !== 'in service') {
    const retired = retiredText({ at: time('retired_at'), by: text('retired_by'), why: text('retired_reason') });
    const reports = row.service === 'retired' ? '' : ` ${t('robot.sheet.still', 'It still reports.')}`;
    return (
      <>
        {notice}
        <NotInService
          title={t('robot.sheet.retired', '{{name}} is retired', { name, ...UNESCAPED })}
          text={retired + reports}
        />
      </>
    );
  }
  if (!row.status) {
    return (
      <>
        {notice}
        <NotInService
          title={t('robot.sheet.silent', '{{name}} has never reported', { name, ...UNESCAPED })}
          text={t('robot.sheet.registered', 'It is registered.')}
        />
      </>
    );
  }
  const arrived = { time: time('last_arrival'), age: number('age_seconds', 's', 0), ...UNESCAPED };
  const properties: Array<[string, string]> = [
    [t('robot.sheet.since', 'In this status since'), time('state_since')],
    [t('column.error', 'Error'), text('error_code')],
    [t('column.task', 'Task'), text('task_id')],
    [t('column.battery', 'Battery'), number('battery', 'percent', 0)],
    [t('column.speed', 'Speed'), number('speed', 'velocityms', 2)],
    [t('column.floor', 'Floor'), text('map_id')],
    [t('column.zone', 'Zone'), text('zone_name')],
    [
      t('robot.sheet.place', 'Place'),
      row.placed ? `x ${metres(row['x'])}, y ${metres(row['y'])}` : t('robot.sheet.never', 'never reported'),
    ],
    [t('robot.sheet.last_arrival', 'Last arrival'), t('robot.sheet.arrived', '{{time}} ({{age}} ago)', arrived)],
    [t('column.clock_offset', 'Clock offset'), number('clock_offset_seconds', 's', 1)],
    [t('column.model', 'Model'), text('model')],
    [t('column.firmware', 'Firmware'), text('firmware')],
    [
      t('filters.site', 'Site'),
      typeof row['site_id'] === 'string' && row['site_id'] !== '' ? siteName(row['site_id']) : '–',
    ],
  ];
  return (
    <section className={styles.sheet} aria-label={t('robot.tab.now', 'Now')} data-testid="robot-sheet">
      {notice}
      <Stack direction="row" wrap="wrap" gap={2} alignItems="center" justifyContent="space-between">
        <span className={styles.status}>
          <i style={{ background: theme.visualization.getColorByName(colourOfStatus(String(row.status))) }} />
          {statusWord(text('status'))}
        </span>
        <Stack direction="row" wrap="wrap" gap={1}>
          {robotLinks({ ...row, robot_id: id }).map(({ title, href }, k) => (
            <LinkButton
              key={k}
              href={href}
              target="_blank"
              rel="noopener noreferrer"
              icon="external-link-alt"
              variant="secondary"
              fill="outline"
            >
              {title}
            </LinkButton>
          ))}
          <LinkButton href={addressOfRobot(id)} icon="map-marker" variant="secondary">
            {t('robot.sheet.map', 'Show on the map')}
          </LinkButton>
        </Stack>
      </Stack>
      <dl>
        {properties.map(([property, value]) => (
          <div key={property}>
            <dt>{property}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function NotInService({ title, text }: { title: string; text: string }) {
  const id = idOfAddress(new URLSearchParams(useAddress('id')));
  return (
    <Alert severity="warning" title={title}>
      {text}{' '}
      <TextLink href={addressOf(ROBOTS_URL, { search: id === '' ? null : id })} inline>
        {id === ''
          ? t('robot.sheet.all', 'See all robots')
          : t('robot.sheet.search', 'Search among the robots in service')}
      </TextLink>
    </Alert>
  );
}

/** Always in metres, as the map and its plans have them: `-750.00 mm` beside `52.75 m` is misread. */
function metres(value: unknown): string {
  return typeof value === 'number' ? `${value.toFixed(2)} m` : '–';
}

function readRow(frame: DataFrame): Record<string, unknown> {
  return Object.fromEntries(frame.fields.map(({ name, values }) => [name, values[0] as unknown]));
}

const getStyles = (theme: GrafanaTheme2) => ({
  sheet: css({
    width: '100%',
    padding: theme.spacing(2),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    dl: {
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fill, minmax(min(145px, 100%), 1fr))',
      gap: theme.spacing(1.5, 2),
      margin: theme.spacing(2, 0, 0),
    },
    dt: { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular },
    dd: { margin: 0, overflowWrap: 'anywhere', fontVariantNumeric: 'tabular-nums' },
  }),
  status: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    fontSize: theme.typography.h3.fontSize,
    i: { width: 14, height: 14, borderRadius: '50%' },
  }),
});
