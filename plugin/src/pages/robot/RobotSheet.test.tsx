import React from 'react';
import { getDefaultTimeRange, LoadingState, toDataFrame } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { SceneDataNode, SceneTimeRange } from '@grafana/scenes';
import { render, screen } from '@testing-library/react';
import { MemoryRouter } from 'react-router-dom';
import { RobotSheet } from './RobotSheet';

function show(row: Record<string, unknown>) {
  locationService.push('/a/robot?id=amr-1');
  const fields = Object.entries({ robot_id: 'amr-1', ...row }).map(([name, value]) => ({ name, values: [value] }));
  const data = { state: LoadingState.Done, series: [toDataFrame({ fields })], timeRange: getDefaultTimeRange() };
  const $timeRange = new SceneTimeRange({ from: 'now-1h', to: 'now', timeZone: 'utc' });
  const sheet = new RobotSheet({ $data: new SceneDataNode({ data }), $timeRange });
  render(
    <MemoryRouter>
      <sheet.Component model={sheet} />
    </MemoryRouter>
  );
}

it('gives both coordinates in metres, also one below a metre', () => {
  show({ service: 'in service', status: 'idle', placed: 1, x: 52.75, y: -0.75 });
  expect(screen.getByText('x 52.75 m, y -0.75 m')).toBeVisible();
});

it('says since when a robot is retired, by whom and why, and whether it still reports', () => {
  const at = Date.UTC(2026, 0, 2, 3, 4, 5);
  show({ service: 'retired, but reports', retired_at: at, retired_by: 'Ada', retired_reason: 'sold' });
  expect(screen.getByText('amr-1 is retired')).toBeVisible();
  expect(screen.getByText(/^Retired since 2026-01-02 03:04:05, by Ada: sold\. It still reports\./)).toBeVisible();
});
