import React from 'react';
import { dateTimeFormat, LoadingState, type PanelData, type TimeRange, type TimeZone } from '@grafana/data';
import { t } from '@grafana/i18n';
import { sceneGraph, SceneObjectBase, type SceneComponentProps, type SceneObjectState } from '@grafana/scenes';
import { Alert, Button, Icon, Pagination, Stack, Text } from '@grafana/ui';
import { CsvButton } from '../../csv/CsvButton';
import { changeAddress, useWholeAddress } from '../../grafana/address';
import { showText, UNESCAPED } from '../../grafana/showText';
import { isFiltered as hasFilters, NO_FILTERS } from '../../queries/pageFilters';
import { cellOf } from '../../queries/parts';
import { readChoice, RETIRED, robotListForFile, ROBOTS_PER_PAGE, type RobotListChoice } from '../../queries/robotList';
import { CannotRead } from '../CannotRead';
import { PlannedStopButton } from '../maintenance/PlannedStop';
import { scopeOf } from '../maintenance/scopeOf';
import { momentOf } from '../fleet/momentRunner';
import { useUnread } from '../lastError';
import { groupWord } from './RobotFilters';

const FILE_COLUMNS = [
  ...['Robot', 'Status', 'Since', 'Battery', 'Task', 'Floor', 'Zone', 'Model', 'Firmware'],
  ...['Clock offset', 'Last arrival'],
];

/** How many robots match and which of them are shown; why, when there is none. */
export class RobotListNotice extends SceneObjectBase<SceneObjectState> {
  static readonly Component = Notice;
}

function Notice({ model }: SceneComponentProps<RobotListNotice>) {
  const range = sceneGraph.getTimeRange(model);
  const { value } = range.useState();
  return (
    <Stack direction="column">
      <MomentNotice timeRange={value} timeZone={range.getTimeZone()} />
      <SelectionNotice />
      <Shown model={model} />
    </Stack>
  );
}

/** Links hand a past time range on. */
function MomentNotice({ timeRange, timeZone }: { timeRange: TimeRange; timeZone: TimeZone }) {
  const endedMs = momentOf(timeRange);
  if (Number.isNaN(endedMs)) return null;
  const time = dateTimeFormat(endedMs, { timeZone });
  return (
    <Stack direction="row" wrap="wrap" gap={1} alignItems="center">
      <span role="status" data-testid="moment-notice">
        <Icon name="clock-nine" />{' '}
        {t('robots.now', 'This list shows now, and not {{time}}, the end of the time range.', { time, ...UNESCAPED })}
      </span>
      {/* Without the parameters, the time range would stay: Grafana takes no notice of absent ones. */}
      <Button size="sm" variant="secondary" onClick={() => changeAddress({ from: 'now-1h', to: 'now' }, 'new step')}>
        {t('fleet.moment.return', 'Return to now')}
      </Button>
    </Stack>
  );
}

function SelectionNotice() {
  const { robots } = readChoice(useWholeAddress());
  if (robots === null) return null;
  return (
    <Stack direction="row" wrap="wrap" gap={1} alignItems="center">
      <span role="status" data-testid="selection-notice">
        <Icon name="filter" />{' '}
        {t('robots.selected', '{{robots}} robots are selected. The list shows only these.', { robots: robots.length })}
      </span>
      <Button
        size="sm"
        variant="secondary"
        onClick={() => changeAddress({ 'var-robot': null, page: null }, 'new step')}
      >
        {t('robots.drop_selection', 'Drop the selection')}
      </Button>
    </Stack>
  );
}

function Shown({ model }: SceneComponentProps<RobotListNotice>) {
  const { data } = sceneGraph.getData(model).useState();
  const unread = useUnread(data);
  const { value: timeRange } = sceneGraph.getTimeRange(model).useState();
  const choice = readChoice(useWholeAddress());
  const notice = <CannotRead what={t('robots.subject', 'The robots')} unread={unread} />;
  const robots = robotsOf(data);
  if (robots === null) {
    return unread ? notice : <Text color="secondary">{t('robots.loading', 'Reading the robots …')}</Text>;
  }
  if (robots === 0) return data?.state === LoadingState.Done ? <NoRobot choice={choice} /> : notice;
  const first = (choice.page - 1) * ROBOTS_PER_PAGE + 1;
  return (
    <Stack direction="column">
      {notice}
      <Stack direction="row" wrap="wrap" gap={2} alignItems="center" justifyContent="space-between">
        <span role="status" data-testid="robots-shown">
          {t('robots.shown', 'Robots {{first}} to {{last}} of {{robots}}', {
            first,
            last: Math.min(first + ROBOTS_PER_PAGE - 1, robots),
            robots,
          })}
        </span>
        <Stack direction="row" wrap="wrap" gap={1} alignItems="center">
          <Pagination
            currentPage={choice.page}
            numberOfPages={Math.ceil(robots / ROBOTS_PER_PAGE)}
            hideWhenSinglePage
            showSmallVersion
            onNavigate={(page) => changeAddress({ page: page === 1 ? null : String(page) }, 'new step')}
          />
          {choice.status !== RETIRED && <PlannedStopButton askScope={() => scopeOf(choice, timeRange)} />}
          <CsvButton name="robots" sql={robotListForFile(choice)} timeRange={timeRange} columns={FILE_COLUMNS} />
        </Stack>
      </Stack>
    </Stack>
  );
}

/** What narrows the list. */
const NARROWED = { search: null, status: null, page: null, 'var-robot': null, ...NO_FILTERS };

function NoRobot({ choice }: { choice: RobotListChoice }) {
  const { search, status, filters, robots, page } = choice;
  const isFiltered = robots !== null || hasFilters(filters);
  const isSought = search !== '' || status !== '' || isFiltered;
  const isBehind = page > 1;
  const noRobot = isFiltered ? noMatchOfFilters(search) : noMatch(search, status);
  const title = isBehind ? t('robots.behind', 'There is no page {{page}}', { page }) : noRobot;
  const clear: Record<string, null> = isBehind ? { page: null } : NARROWED;
  return (
    <Alert severity="info" title={title}>
      <Stack direction="row" wrap="wrap" gap={1} alignItems="center">
        {isBehind || isSought ? (
          <Button size="sm" variant="secondary" onClick={() => changeAddress(clear, 'new step')}>
            {isBehind ? t('robots.first', 'Go to the first page') : t('robots.show_all', 'Show all robots')}
          </Button>
        ) : (
          t('robots.in_service', 'A robot is in service when it has reported and is not retired.')
        )}
        {!isBehind && search !== '' && status !== RETIRED && (
          <Button size="sm" variant="secondary" onClick={() => changeAddress({ status: RETIRED }, 'new step')}>
            {t('robots.seek_retired', 'Search the retired robots')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

function noMatchOfFilters(search: string): string {
  if (search === '') return t('robots.none_filters', 'No robot matches these filters');
  const sought = { search: showText(search), ...UNESCAPED };
  return t('robots.none_search_filters', 'No robot matches “{{search}}” and these filters', sought);
}

function noMatch(search: string, status: string): string {
  const sought = { search: showText(search), status: groupWord(showText(status)), ...UNESCAPED };
  if (search === '' && status === '') return t('robots.none', 'No robot is in service');
  if (status === '') return t('robots.none_search', 'No robot matches “{{search}}”', sought);
  if (search === '') return t('robots.none_status', 'No robot matches the status {{status}}', sought);
  return t('robots.none_both', 'No robot matches “{{search}}” and the status {{status}}', sought);
}

/** Of all pages; null while the database has not said. */
function robotsOf(data: PanelData | undefined): number | null {
  const frame = data?.series[0];
  if (!frame) return data?.state === LoadingState.Done ? 0 : null;
  return Number(cellOf(frame, 'robots') ?? 0);
}
