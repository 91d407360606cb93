import React from 'react';
import { SceneTimeRange } from '@grafana/scenes';
import { render, screen } from '@testing-library/react';
import { MemoryRouter } from 'react-router-dom';
import { NoRobots } from './NoRobots';

const show = (from: string, to: string) => {
  const hint = new NoRobots({ $timeRange: new SceneTimeRange({ from, to, timeZone: 'utc' }) });
  render(
    <MemoryRouter>
      <hint.Component model={hint} />
    </MemoryRouter>
  );
};

it('says of a past time only what was asked: that no robot in service reported then', () => {
  show('2020-01-01T00:00:00.000Z', '2020-01-01T01:00:00.000Z');
  expect(
    screen.getByText('No robot in service reported in the 24 hours before 2020-01-01 01:00:00')
  ).toBeInTheDocument();
  expect(screen.queryByText(/ever/)).toBeNull();
});

it('says of now that no robot has ever reported', () => {
  show('now-1h', 'now');
  expect(screen.getByText('No robot has ever reported')).toBeInTheDocument();
});
