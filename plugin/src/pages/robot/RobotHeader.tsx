import React from 'react';
import { type DataFrame } from '@grafana/data';
import { t } from '@grafana/i18n';
import { sceneGraph, SceneObjectBase, type SceneComponentProps, type SceneObjectState } from '@grafana/scenes';
import { LinkButton, Stack } from '@grafana/ui';
import { addressOf, PLAYBACK, useAddress } from '../../grafana/address';
import { FLEET_URL, ROBOT_URL } from '../../grafana/identifiers';
import { showText, UNESCAPED } from '../../grafana/showText';
import { idOfAddress } from '../../queries/oneRobot';
import { cellOf } from '../../queries/parts';
import { PlannedStop } from '../maintenance/PlannedStop';

/** The way to the robots before and after this one, and to what else shows this one. Its data: `robotNeighbours`. */
export class RobotHeader extends SceneObjectBase<SceneObjectState> {
  static readonly Component = Header;
}

function Header({ model }: SceneComponentProps<RobotHeader>) {
  const { data } = sceneGraph.getData(model).useState();
  const timeRange = sceneGraph.getTimeRange(model);
  const { value } = timeRange.useState();
  const range = { from: String(value.raw.from.valueOf()), to: String(value.raw.to.valueOf()) };
  const id = idOfAddress(new URLSearchParams(useAddress('id')));
  const tab = new URLSearchParams(useAddress('tab')).get('tab');
  if (id === '') return null;
  const frame = data?.series[0];
  return (
    <Stack direction="row" wrap="wrap" gap={1} alignItems="center" justifyContent="space-between">
      <Stack direction="row" wrap="wrap" gap={1}>
        <Neighbour
          id={textOf(frame, 'previous')}
          icon="angle-left"
          label={(robot) => t('robot.header.previous', 'Previous robot: {{robot}}', { robot, ...UNESCAPED })}
          none={t('robot.header.first', 'This is the first robot')}
          parameters={{ ...range, tab }}
        />
        <Neighbour
          id={textOf(frame, 'next')}
          icon="angle-right"
          label={(robot) => t('robot.header.next', 'Next robot: {{robot}}', { robot, ...UNESCAPED })}
          none={t('robot.header.last', 'This is the last robot')}
          parameters={{ ...range, tab }}
        />
      </Stack>
      <Stack direction="row" wrap="wrap" gap={1} alignItems="center">
        {frame && (
          <PlannedStop
            key={id}
            robot={{ robotId: id, site: textOf(frame, 'site') ?? '' }}
            timeZone={timeRange.getTimeZone()}
          />
        )}
        <LinkButton
          size="sm"
          variant="secondary"
          icon="history"
          href={addressOf(FLEET_URL, { 'var-robot': id, ...range, [PLAYBACK]: String(value.from.valueOf()) })}
        >
          {t('robot.header.playback', 'Play back on the map')}
        </LinkButton>
      </Stack>
    </Stack>
  );
}

interface NeighbourProps {
  id: string | null;
  icon: 'angle-left' | 'angle-right';
  label: (robot: string) => string;
  none: string;
  parameters: Record<string, string | null>;
}

function Neighbour({ id, icon, label, none, parameters }: NeighbourProps) {
  const text = id === null ? none : label(showText(id));
  return (
    <LinkButton
      size="sm"
      variant="secondary"
      icon={icon}
      disabled={id === null}
      aria-label={text}
      tooltip={text}
      href={id === null ? undefined : addressOf(ROBOT_URL, { id, ...parameters })}
    >
      {showText(id ?? '–')}
    </LinkButton>
  );
}

function textOf(frame: DataFrame | undefined, name: string): string | null {
  const value = cellOf(frame, name);
  return typeof value === 'string' ? value : null;
}
