import React from 'react';
import { LoadingState, type PanelData } from '@grafana/data';
import { t } from '@grafana/i18n';
import { sceneGraph, SceneObjectBase, type SceneComponentProps, type SceneObjectState } from '@grafana/scenes';
import { CannotRead } from '../CannotRead';
import { useUnread } from '../lastError';
import { NothingFound } from '../NothingFound';

/** Why the page has no figures, when it has none. */
export class TaskNotice extends SceneObjectBase<SceneObjectState> {
  static readonly Component = Notice;
}

function Notice({ model }: SceneComponentProps<TaskNotice>) {
  const { data } = sceneGraph.getData(model).useState();
  const unread = useUnread(data);
  if (unread) return <CannotRead what={t('tasks.subject', 'The tasks')} unread={unread} />;
  if (!isWithoutTasks(data)) return null;
  return (
    <NothingFound title={t('tasks.none', 'No task ended in this time range')}>
      {t(
        'tasks.none_what',
        'A task is counted when its robot reports TASK_COMPLETED or TASK_FAILED after TASK_STARTED.'
      )}
    </NothingFound>
  );
}

function isWithoutTasks(data: PanelData | undefined): boolean {
  return data?.state === LoadingState.Done && (data.series[0]?.length ?? 0) === 0;
}
