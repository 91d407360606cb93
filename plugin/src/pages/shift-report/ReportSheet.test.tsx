import React from 'react';
import { getDefaultTimeRange, LoadingState, toDataFrame, type DataFrame } from '@grafana/data';
import { SceneDataNode, SceneTimeRange } from '@grafana/scenes';
import { render, screen } from '@testing-library/react';
import { ReportSheet } from './ReportSheet';

// It asks Grafana for alerts and notes.
jest.mock('./ShiftEvents', () => ({ ShiftEvents: () => null }));

function show(series: DataFrame[]) {
  const data = { state: LoadingState.Done, series, timeRange: getDefaultTimeRange() };
  const sheet = new ReportSheet({ $data: new SceneDataNode({ data }), $timeRange: new SceneTimeRange({}) });
  render(<sheet.Component model={sheet} />);
}

it('says nothing good of a shift in which no robot reported', () => {
  show([]);
  expect(screen.getByText('No robot reported in this shift')).toBeVisible();
  expect(screen.queryByText('No task failed.')).not.toBeInTheDocument();
  expect(screen.queryByText('No robot was blocked or in error.')).not.toBeInTheDocument();
});

it('shows what has rows of a shift in which no robot reported, and says nothing good beside it', () => {
  show([toDataFrame({ refId: 'E', fields: [{ name: 'code', values: ['E-GRIP'] }] })]);
  expect(screen.getByText('E-GRIP')).toBeVisible();
  expect(screen.queryByText('No robot was blocked or in error.')).not.toBeInTheDocument();
  expect(screen.queryByText('No robot waited in a zone.')).not.toBeInTheDocument();
});

it('says that no task failed when robots reported', () => {
  show([toDataFrame({ refId: 'A', fields: [{ name: 'shift', values: [0] }] })]);
  expect(screen.queryByText('No robot reported in this shift')).not.toBeInTheDocument();
  expect(screen.getByText('No task failed.')).toBeVisible();
});
