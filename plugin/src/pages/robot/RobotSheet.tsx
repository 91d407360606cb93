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
import { sceneGraph, SceneObjectBase, type SceneComponentProps, type SceneObjectState } from '@grafana/scenes';
import { Alert, LinkButton, Stack, Text, TextLink, useStyles2, useTheme2 } from '@grafana/ui';
import { addressOf, addressOfRobot, useAddress } from '../../grafana/address';
import { ROBOTS_URL } from '../../grafana/identifiers';
import { showText } from '../../grafana/showText';
import { idOfAddress } from '../../queries/oneRobot';
import { CannotRead } from '../CannotRead';
import { colourOfStatus } from '../statusMappings';

/** What the robot is and does now; what is known of an id that is not in service. */
export class RobotSheet extends SceneObjectBase<SceneObjectState> {
  static readonly Component = Sheet;
}

function Sheet({ model }: SceneComponentProps<RobotSheet>) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const { data } = sceneGraph.getData(model).useState();
  const timeZone = sceneGraph.getTimeRange(model).getTimeZone();
  const id = idOfAddress(new URLSearchParams(useAddress('id')));
  if (id === '')
    return <NotInService title="The address names no robot" text="It ends with ?id= and the robot's id." />;
  if (data?.state === LoadingState.Error) return <CannotRead what="This robot" data={data} />;
  const frame = data?.series[0];
  if (!frame && data?.state !== LoadingState.Done) return <Text color="secondary">Reading the robot …</Text>;
  const row = frame && frame.length > 0 ? readRow(frame) : null;
  const name = showText(id);
  if (row === null) {
    return (
      <NotInService title={`No robot has the id ${name}`} text="It has never reported, and nobody has registered it." />
    );
  }
  const text = (field: string) => (typeof row[field] === 'string' && row[field] !== '' ? showText(row[field]) : '–');
  const number = (field: string, unit: string, decimals?: number) =>
    typeof row[field] === 'number' ? formattedValueToString(getValueFormat(unit)(row[field], decimals)) : '–';
  const time = (field: string) => (typeof row[field] === 'number' ? dateTimeFormat(row[field], { timeZone }) : '–');
  if (row.service !== 'in service') {
    const why = text('retired_reason') === '–' ? '' : `: ${text('retired_reason')}`;
    const reports = row.service === 'retired' ? '' : ' It still reports.';
    const by = text('retired_by') === '–' ? '' : ` by ${text('retired_by')}`;
    return <NotInService title={`${name} is retired`} text={`Retired ${time('retired_at')}${by}${why}.${reports}`} />;
  }
  if (!row.status) return <NotInService title={`${name} has never reported`} text="It is registered." />;
  const properties: Array<[string, string]> = [
    ['In this status since', time('state_since')],
    ['Error', text('error_code')],
    ['Task', text('task_id')],
    ['Battery', number('battery', 'percent', 0)],
    ['Speed', number('speed', 'velocityms', 2)],
    ['Floor', text('map_id')],
    ['Zone', text('zone_name')],
    ['Place', row.placed ? `x ${number('x', 'lengthm', 2)}, y ${number('y', 'lengthm', 2)}` : 'never reported'],
    ['Last arrival', `${time('last_arrival')} (${number('age_seconds', 's', 0)} ago)`],
    ['Clock offset', number('clock_offset_seconds', 's', 1)],
    ['Model', text('model')],
    ['Firmware', text('firmware')],
    ['Site', text('site_id')],
  ];
  return (
    <section className={styles.sheet} aria-label="Now" data-testid="robot-sheet">
      <Stack direction="row" wrap="wrap" gap={2} alignItems="center" justifyContent="space-between">
        <span className={styles.status}>
          <i style={{ background: theme.visualization.getColorByName(colourOfStatus(String(row.status))) }} />
          {text('status')}
        </span>
        <LinkButton href={addressOfRobot(id)} icon="map-marker" variant="secondary">
          Show on the map
        </LinkButton>
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
        {id === '' ? 'See all robots' : 'Search among the robots in service'}
      </TextLink>
    </Alert>
  );
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
