import React from 'react';
import { LoadingState, type PanelData } from '@grafana/data';
import { t } from '@grafana/i18n';
import { sceneGraph, SceneObjectBase, type SceneComponentProps, type SceneObjectState } from '@grafana/scenes';
import { Button, Combobox, Pagination, Stack, Text } from '@grafana/ui';
import { CsvButton } from '../../csv/CsvButton';
import { changeAddress, useAddress } from '../../grafana/address';
import { idOfAddress } from '../../queries/oneRobot';
import { EVENTS_PER_PAGE, MOST_EVENTS_IN_FILE, readEventChoice, robotEventsForFile } from '../../queries/robotEvents';
import { cellOf } from '../../queries/parts';
import { CannotRead } from '../CannotRead';
import { useUnread } from '../lastError';

const TYPES = [
  ...['POSITION_UPDATE', 'STATE_CHANGE', 'TASK_STARTED', 'TASK_COMPLETED', 'TASK_FAILED'],
  ...['BATTERY', 'ERROR', 'HEARTBEAT'],
];
const COLUMNS = [
  ...['Time', 'Event', 'State', 'Task', 'Error', 'Battery', 'Speed', 'Floor', 'x', 'y'],
  ...['Arrived', 'Path', 'Event id', 'Payload'],
];

/** How many events there are and which of them are shown, the choice of their type, and the way to a file. */
export class EventListNotice extends SceneObjectBase<SceneObjectState> {
  static readonly Component = Notice;
}

function Notice({ model }: SceneComponentProps<EventListNotice>) {
  const { data } = sceneGraph.getData(model).useState();
  const unread = useUnread(data);
  const { value: timeRange } = sceneGraph.getTimeRange(model).useState();
  const parameters = [useAddress('type'), useAddress('page')].join('&');
  const { type, page } = readEventChoice(new URLSearchParams(parameters));
  const id = idOfAddress(new URLSearchParams(useAddress('id')));
  const notice = <CannotRead what={t('robot.events.title', 'Events')} unread={unread} />;
  const events = eventsOf(data);
  if (events === null && unread) return notice;
  const first = (page - 1) * EVENTS_PER_PAGE + 1;
  return (
    <>
      {notice}
      <Stack direction="row" wrap="wrap" gap={2} alignItems="center" justifyContent="space-between">
        <Stack direction="row" wrap="wrap" gap={1} alignItems="center">
          {/* Grafana's combobox takes its name from another element only. */}
          <span id="event-type" hidden>
            {t('robot.events.type', 'Type of event')}
          </span>
          <Combobox
            aria-labelledby="event-type"
            options={[
              { value: '', label: t('robot.events.all_types', 'All types') },
              ...TYPES.map((value) => ({ value, label: value })),
            ]}
            value={type}
            width={24}
            onChange={({ value }) => changeAddress({ type: value || null, page: null }, 'new step')}
          />
          {events === null ? (
            <Text color="secondary">{t('robot.events.loading', 'Reading events …')}</Text>
          ) : (
            <span role="status" data-testid="events-shown">
              {events > 0
                ? t('robot.events.count', '{{first}} to {{last}} of {{all}} events', {
                    first,
                    last: Math.min(first + EVENTS_PER_PAGE - 1, events),
                    all: events,
                  })
                : page > 1
                  ? t('robot.events.behind', 'There is no page {{page}}.', { page })
                  : t('robot.events.no_match', 'No such event in this time range.')}
            </span>
          )}
          {events === 0 && page > 1 && (
            <Button size="sm" variant="secondary" onClick={() => changeAddress({ page: null }, 'new step')}>
              {t('robot.events.first', 'Go to the first page')}
            </Button>
          )}
        </Stack>
        <Stack direction="row" wrap="wrap" gap={1} alignItems="center">
          {(events ?? 0) > EVENTS_PER_PAGE && (
            <Pagination
              currentPage={page}
              numberOfPages={Math.ceil((events ?? 0) / EVENTS_PER_PAGE)}
              hideWhenSinglePage
              showSmallVersion
              onNavigate={(next) => changeAddress({ page: next === 1 ? null : String(next) }, 'new step')}
            />
          )}
          {(events ?? 0) > MOST_EVENTS_IN_FILE && (
            <Text color="secondary">
              {t('robot.events.cut', 'The file has the newest {{most}}.', { most: MOST_EVENTS_IN_FILE })}
            </Text>
          )}
          {(events ?? 0) > 0 && (
            <CsvButton
              name={`events-${id}`}
              sql={robotEventsForFile(id, { type })}
              timeRange={timeRange}
              columns={COLUMNS}
            />
          )}
        </Stack>
      </Stack>
    </>
  );
}

/** Of all pages; null while the database has not said. */
function eventsOf(data: PanelData | undefined): number | null {
  const frame = data?.series[0];
  if (!frame) return data?.state === LoadingState.Done ? 0 : null;
  return Number(cellOf(frame, 'events') ?? 0);
}
