import React from 'react';
import { toDataFrame } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { SceneTimeRange } from '@grafana/scenes';
import { act, render, screen, waitFor } from '@testing-library/react';
import { askOnce } from '../../queries/askOnce';
import { RetiredNotice } from './RetiredNotice';

jest.mock('../../queries/askOnce', () => ({ askOnce: jest.fn() }));
const asked = jest.mocked(askOnce);

const retired = (rows: Array<[id: string, by: string | null, why: string | null]>, robots = rows.length) =>
  toDataFrame({
    fields: [
      { name: 'robot_id', values: rows.map(([id]) => id) },
      { name: 'retired_at', values: rows.map(() => Date.UTC(2026, 0, 2, 3, 4, 5)) },
      { name: 'retired_by', values: rows.map(([, by]) => by) },
      { name: 'retired_reason', values: rows.map(([, , why]) => why) },
      { name: 'robots', values: rows.map(() => robots) },
    ],
  });

function show() {
  const notice = new RetiredNotice({ $timeRange: new SceneTimeRange({ from: 'now-1h', to: 'now', timeZone: 'utc' }) });
  render(<notice.Component model={notice} />);
  return notice;
}

beforeEach(() => asked.mockReset());

it('says since when selected robots are retired, by whom and why, with direction marks escaped', async () => {
  asked.mockResolvedValue(
    retired(
      [
        ['amr-1', 'Ada', 'sold'],
        ['amr-\u202e2', null, null],
      ],
      7
    )
  );
  locationService.push('/a/fleet?var-robot=amr-1&var-robot=amr-%E2%80%AE2');
  show();
  const notice = await screen.findByTestId('retired-notice');
  expect(notice).toHaveTextContent('amr-1: Retired since 2026-01-02 03:04:05, by Ada: sold.');
  expect(notice).toHaveTextContent('amr-\\u{202e}2: Retired since 2026-01-02 03:04:05.');
  expect(notice).toHaveTextContent('And 5 more.');
  await act(async () => locationService.push('/a/fleet?var-robot=$__all'));
  expect(screen.queryByTestId('retired-notice')).not.toBeInTheDocument();
  expect(asked).toHaveBeenCalledTimes(1);
});

it('asks nothing while all robots are shown, and says nothing of a robot in service', async () => {
  locationService.push('/a/fleet');
  show();
  expect(asked).not.toHaveBeenCalled();
  asked.mockResolvedValue(retired([]));
  await act(async () => locationService.push('/a/fleet?var-robot=amr-1'));
  expect(asked).toHaveBeenCalledTimes(1);
  expect(screen.queryByTestId('retired-notice')).not.toBeInTheDocument();
});

it('asks again when the page refreshes: a robot that is in service again is no longer called retired', async () => {
  asked.mockResolvedValueOnce(retired([['amr-1', 'Ada', 'sold']])).mockResolvedValueOnce(retired([]));
  locationService.push('/a/fleet?var-robot=amr-1');
  const notice = show();
  await screen.findByTestId('retired-notice');
  await act(async () => notice.state.$timeRange?.onRefresh());
  await waitFor(() => expect(screen.queryByTestId('retired-notice')).not.toBeInTheDocument());
  expect(asked).toHaveBeenCalledTimes(2);
});
