import React from 'react';
import { dateTime, getDefaultTimeRange, LoadingState, type PanelData } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { SceneDataNode, SceneTimeRange } from '@grafana/scenes';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { RobotListNotice } from './RobotListNotice';

const answer = (robots: number[]): PanelData => ({
  state: LoadingState.Done,
  series: [
    { length: robots.length, fields: [{ name: 'robots', type: 'number' as never, config: {}, values: robots }] },
  ],
  timeRange: getDefaultTimeRange(),
});

function renderNotice(
  address: string,
  robots: number[],
  $timeRange = new SceneTimeRange({ from: 'now-1h', to: 'now' })
) {
  locationService.push(address);
  const notice = new RobotListNotice({ $data: new SceneDataNode({ data: answer(robots) }), $timeRange });
  render(<notice.Component model={notice} />);
}

it('says that the list shows the selected robots only, and drops the selection', () => {
  renderNotice('/a/robots?status=idle&var-robot=a&var-robot=b', [2]);
  expect(screen.getByTestId('selection-notice')).toHaveTextContent('2 robots are selected. The list shows only these.');
  act(() => fireEvent.click(screen.getByRole('button', { name: 'Drop the selection' })));
  expect(locationService.getSearchObject()).toEqual({ status: 'idle' });
  expect(screen.queryByTestId('selection-notice')).not.toBeInTheDocument();
});

it('says that the list shows now when the time range of the address is past, and returns to now', () => {
  const $timeRange = new SceneTimeRange({
    from: dateTime(Date.UTC(2026, 0, 2, 3)).toISOString(),
    to: dateTime(Date.UTC(2026, 0, 2, 4, 5, 6)).toISOString(),
    timeZone: 'utc',
  });
  renderNotice('/a/robots?from=1767322800000&to=1767326706000&status=idle', [2], $timeRange);
  expect(screen.getByTestId('moment-notice')).toHaveTextContent(
    'This list shows now, and not 2026-01-02 04:05:06, the end of the time range.'
  );
  act(() => fireEvent.click(screen.getByRole('button', { name: 'Return to now' })));
  expect(locationService.getSearchObject()).toEqual({ status: 'idle', from: 'now-1h', to: 'now' });
});

it('says nothing of a time range that reaches up to now', () => {
  renderNotice('/a/robots', [2]);
  expect(screen.queryByTestId('moment-notice')).not.toBeInTheDocument();
});

it('names what was searched, beside the filters that are set', () => {
  renderNotice('/a/robots?search=amr-7&map=hall', []);
  expect(screen.getByText('No robot matches “amr-7” and these filters')).toBeVisible();
});

it('leads from a search without a match to the retired robots', () => {
  renderNotice('/a/robots?search=amr-7&status=error', []);
  act(() => fireEvent.click(screen.getByRole('button', { name: 'Search the retired robots' })));
  expect(locationService.getSearchObject()).toEqual({ search: 'amr-7', status: 'retired' });
  expect(screen.queryByRole('button', { name: 'Search the retired robots' })).not.toBeInTheDocument();
});

it.each(['/a/robots?model=mk+2&zone=z-9', '/a/robots?status=error&var-robot=a&var-robot=b'])(
  'shows all robots again when none matches the filters of %s',
  (address) => {
    renderNotice(address, []);
    expect(screen.getByText(/^No robot matches/)).toBeVisible();
    act(() => fireEvent.click(screen.getByRole('button', { name: 'Show all robots' })));
    expect(locationService.getSearchObject()).toEqual({});
  }
);
