import React, { type ReactNode } from 'react';
import { dateTimeFormat } from '@grafana/data';
import { t, Trans } from '@grafana/i18n';
import { sceneGraph, SceneObjectBase, type SceneComponentProps, type SceneObjectState } from '@grafana/scenes';
import { Alert, TextLink } from '@grafana/ui';
import { RUNBOOKS_URL } from '../../grafana/identifiers';
import { UNESCAPED } from '../../grafana/showText';
import { momentOf } from './momentRunner';

/** In the place of an empty map's silence: what is missing, and what to do. */
export class NoRobots extends SceneObjectBase<SceneObjectState> {
  static readonly Component = Hint;
}

function Hint({ model }: SceneComponentProps<NoRobots>) {
  const timeRange = sceneGraph.getTimeRange(model);
  const endedMs = momentOf(timeRange.useState().value);
  if (!Number.isNaN(endedMs)) {
    const time = dateTimeFormat(endedMs, { timeZone: timeRange.getTimeZone() });
    return (
      <Alert
        title={t('fleet.empty.then', 'No robot in service reported in the 24 hours before {{time}}', {
          time,
          ...UNESCAPED,
        })}
        severity="info"
      >
        {t('fleet.empty.other', 'The page shows the end of the time range. Choose another one, or return to now.')}
      </Alert>
    );
  }
  return (
    <Alert title={t('fleet.empty.title', 'No robot has ever reported')} severity="info">
      <Trans
        i18nKey="fleet.empty.what"
        defaults="The database answers and holds no event. Robots publish to the Kafka topic <code>robot.telemetry</code> (<code>KAFKA_TOPIC</code>); the simulated fleet starts with <code>FLEET_ROBOTS</code> above 0. If robots do publish, <em>Pipeline</em> and <em>Dead letters</em> below show where their events end: <check>what to check first</check>."
        components={{ code: <code />, em: <em />, check: <CheckLink /> }}
      />
    </Alert>
  );
}

/** Takes its text from the translation around it. */
function CheckLink({ children }: { children?: ReactNode }) {
  return (
    <TextLink href={`${RUNBOOKS_URL}/silent-group`} inline>
      {children}
    </TextLink>
  );
}
