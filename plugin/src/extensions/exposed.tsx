import React, { Suspense, lazy } from 'react';
import type { AppPlugin } from '@grafana/data';
import { ErrorBoundaryAlert, LoadingPlaceholder } from '@grafana/ui';
import type { SetupSettings } from '../grafana/dataSources';
import pluginJson from '../plugin.json';
import type { RobotStatusProps } from './RobotStatus';

const listed = pluginJson.extensions.exposedComponents[0] as { id: string; title: string; description: string };

const LazyRobotStatus = lazy(() => import(/* webpackChunkName: "robot-status" */ './RobotStatus'));

/** A failure of it stays in its own place: the page of the other plugin goes on. */
export function RobotStatusBoundary(props: RobotStatusProps) {
  return (
    <ErrorBoundaryAlert boundaryName={listed.id} dependencies={[props.robotId]}>
      <Suspense fallback={<LoadingPlaceholder text="" />}>
        <LazyRobotStatus {...props} />
      </Suspense>
    </ErrorBoundaryAlert>
  );
}

/** Components for other plugins. A change of the properties is a new version. */
export function exposeComponents(plugin: AppPlugin<SetupSettings>): void {
  plugin.exposeComponent({
    ...listed,
    component: RobotStatusBoundary,
  });
}
