import React from 'react';
import { LoadingState, type PanelData } from '@grafana/data';
import { sceneGraph, SceneObjectBase, type SceneComponentProps, type SceneObjectState } from '@grafana/scenes';
import { Alert, Button, Pagination, Stack, Text } from '@grafana/ui';
import { CsvButton } from '../../csv/CsvButton';
import { changeAddress, useAddress } from '../../grafana/address';
import { showText } from '../../grafana/showText';
import { readChoice, robotListForFile, ROBOTS_PER_PAGE, type RobotListChoice } from '../../queries/robotList';
import { CannotRead } from '../CannotRead';

const FILE_COLUMNS = [
  ...['Robot', 'Status', 'Since', 'Battery', 'Task', 'Floor', 'Zone', 'Model', 'Firmware'],
  ...['Clock offset', 'Last arrival'],
];

/** How many robots match and which of them are shown; why, when there is none. */
export class RobotListNotice extends SceneObjectBase<SceneObjectState> {
  static readonly Component = Notice;
}

function Notice({ model }: SceneComponentProps<RobotListNotice>) {
  const { data } = sceneGraph.getData(model).useState();
  const { value: timeRange } = sceneGraph.getTimeRange(model).useState();
  const parameters = [
    ...[useAddress('search'), useAddress('status'), useAddress('page')],
    ...[useAddress('sort'), useAddress('order')],
  ];
  const choice = readChoice(new URLSearchParams(parameters.join('&')));
  if (data?.state === LoadingState.Error) return <CannotRead what="The robots" data={data} />;
  const robots = robotsOf(data);
  if (robots === null) return <Text color="secondary">Reading the robots …</Text>;
  if (robots === 0) return data?.state === LoadingState.Done ? <NoRobot choice={choice} /> : null;
  const first = (choice.page - 1) * ROBOTS_PER_PAGE + 1;
  return (
    <Stack direction="row" wrap="wrap" gap={2} alignItems="center" justifyContent="space-between">
      <span role="status" data-testid="robots-shown">
        {`Robots ${first} to ${Math.min(first + ROBOTS_PER_PAGE - 1, robots)} of ${robots}`}
      </span>
      <Stack direction="row" wrap="wrap" gap={1} alignItems="center">
        <Pagination
          currentPage={choice.page}
          numberOfPages={Math.ceil(robots / ROBOTS_PER_PAGE)}
          hideWhenSinglePage
          showSmallVersion
          onNavigate={(page) => changeAddress({ page: page === 1 ? null : String(page) }, 'new step')}
        />
        <CsvButton name="robots" sql={robotListForFile(choice)} timeRange={timeRange} columns={FILE_COLUMNS} />
      </Stack>
    </Stack>
  );
}

function NoRobot({ choice: { search, status, page } }: { choice: RobotListChoice }) {
  const sought = [search && `“${showText(search)}”`, status && `the status ${showText(status)}`].filter(Boolean);
  const isBehind = page > 1;
  const title = isBehind
    ? `There is no page ${page}`
    : sought.length === 0
      ? 'No robot is in service'
      : `No robot matches ${sought.join(' and ')}`;
  const clear: Record<string, null> = isBehind ? { page: null } : { search: null, status: null };
  return (
    <Alert severity="info" title={title}>
      <Stack direction="row" wrap="wrap" gap={1} alignItems="center">
        {isBehind || sought.length > 0 ? (
          <Button size="sm" variant="secondary" onClick={() => changeAddress(clear, 'new step')}>
            {isBehind ? 'Go to the first page' : 'Show all robots'}
          </Button>
        ) : (
          'A robot is in service when it has reported and is not retired.'
        )}
      </Stack>
    </Alert>
  );
}

/** Of all pages; null while the database has not said. */
function robotsOf(data: PanelData | undefined): number | null {
  const frame = data?.series[0];
  if (!frame) return data?.state === LoadingState.Done ? 0 : null;
  return Number(frame.fields.find(({ name }) => name === 'robots')?.values[0] ?? 0);
}
