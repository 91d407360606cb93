import React from 'react';
import { LoadingState, type PanelData } from '@grafana/data';
import { sceneGraph, SceneObjectBase, type SceneComponentProps, type SceneObjectState } from '@grafana/scenes';
import { CannotRead } from '../CannotRead';
import { NothingFound } from '../NothingFound';

/** Why the page has no figures, when it has none. */
export class TaskNotice extends SceneObjectBase<SceneObjectState> {
  static readonly Component = Notice;
}

function Notice({ model }: SceneComponentProps<TaskNotice>) {
  const { data } = sceneGraph.getData(model).useState();
  if (data?.state === LoadingState.Error) return <CannotRead what="The tasks" data={data} />;
  if (!isWithoutTasks(data)) return null;
  return (
    <NothingFound title="No task ended in this time range">
      A task is counted when its robot reports <code>TASK_COMPLETED</code> or <code>TASK_FAILED</code> after{' '}
      <code>TASK_STARTED</code>.
    </NothingFound>
  );
}

function isWithoutTasks(data: PanelData | undefined): boolean {
  return data?.state === LoadingState.Done && (data.series[0]?.length ?? 0) === 0;
}
