import React, { type ReactNode } from 'react';
import { t, Trans } from '@grafana/i18n';
import { Alert, TextLink } from '@grafana/ui';
import { RUNBOOKS_URL } from '../../grafana/identifiers';

/** In the place of an empty map's silence: what is missing, and what to do. */
export function NoRobots() {
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
    <TextLink href={`${RUNBOOKS_URL}/fleet-dropoff`} inline>
      {children}
    </TextLink>
  );
}
