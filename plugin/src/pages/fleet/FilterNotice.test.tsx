import React from 'react';
import { getDefaultTimeRange, LoadingState, toDataFrame } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { SceneDataNode, SceneTimeRange } from '@grafana/scenes';
import { render, screen } from '@testing-library/react';
import { FilterNotice } from './FilterNotice';

const NOW = { from: 'now-1h', to: 'now' };
const PAST = { from: '2026-01-02T03:00:00Z', to: '2026-01-02T04:00:00Z' };
const MISSING = /had not reported for 15 minutes/;

function show(search: string, range = NOW, robots = 3) {
  locationService.push(`/a/fleet?${search}`);
  const series = [toDataFrame({ fields: [{ name: 'robots', values: [robots] }] })];
  const data = { state: LoadingState.Done, series, timeRange: getDefaultTimeRange() };
  const notice = new FilterNotice({ counts: new SceneDataNode({ data }), $timeRange: new SceneTimeRange(range) });
  render(<notice.Component model={notice} />);
  return screen.queryByTestId('filter-notice');
}

it('is there while a filter is set, also one of a dashboard', () => {
  expect(show('var-site=s')).toHaveTextContent('The page is filtered.');
});

it('says that figures over the time range, such as tasks per hour, are of these robots wherever they were', () => {
  expect(show('zone=z')).toHaveTextContent(
    'Curves, and figures over the time range, show the past of these robots, wherever they were.'
  );
});

it('is not there without a filter', () => {
  expect(show('var-site=$__all&var-robot=a&var-robot=b')).toBeNull();
});

it('says that no robot matches', () => {
  expect(show('site=s', NOW, 0)).toHaveTextContent('No robot matches these filters');
});

it.each(['map=hall', 'zone=z'])('says of a past moment which silent robots %s leaves out', (search) => {
  expect(show(search, PAST, 0)).toHaveTextContent(MISSING);
});

it.each([
  ['map=hall', NOW],
  ['site=s&model=m', PAST],
])('does not say it of %s, %j: nothing is left out', (search, range) => {
  expect(show(search, range)).not.toHaveTextContent(MISSING);
});
