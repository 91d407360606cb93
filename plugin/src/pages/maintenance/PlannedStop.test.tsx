import React from 'react';
import { config, setBackendSrv, type BackendSrv } from '@grafana/runtime';
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { of, throwError } from 'rxjs';
import { PlannedStop, PlannedStopButton } from './PlannedStop';
import type { NewSilence, Silence } from './silences';

const ROBOT = { robotId: 'amr-1', site: 'here' };

/** Grafana with these silences, which keeps what it is given. */
function grafana(
  silences: Silence[],
  { refusal, status, nowMs, taken = 0 }: { refusal?: string; status?: number; nowMs?: number; taken?: number } = {}
) {
  const kept = [...silences];
  const post = jest.fn((_url: string, silence: NewSilence) => {
    if (refusal !== undefined && kept.length >= taken) return Promise.reject({ status, data: { message: refusal } });
    const silenceID = `s${kept.length}`;
    kept.push({ ...silence, id: silenceID, status: { state: 'active' } });
    return Promise.resolve({ silenceID });
  });
  const remove = jest.fn((url: string) => {
    const at = kept.findIndex(({ id }) => url.endsWith(`/silence/${id}`));
    if (at >= 0) kept.splice(at, 1);
    return Promise.resolve();
  });
  const headers = new Headers(nowMs === undefined ? {} : { date: new Date(nowMs).toUTCString() });
  const fetch = () => of({ data: [...kept], headers });
  setBackendSrv({ fetch, post, delete: remove } as unknown as BackendSrv);
  return { kept, post };
}

function as(orgRole: string): void {
  config.bootData = { user: { orgRole, login: 'ada', isGrafanaAdmin: false } } as unknown as typeof config.bootData;
}

const END = new Date(Date.now() + 3_600_000).toISOString();
const stopOf = (robotIds: string, id = 'old'): Silence => ({
  ...{ id, status: { state: 'active' }, comment: 'Planned stop: tyres', createdBy: 'ada' },
  ...{ startsAt: '2026-01-02T03:00:00Z', endsAt: END },
  matchers: [{ name: 'robot_id', value: robotIds, isRegex: robotIds.includes('|') }],
});

beforeEach(() => as('Editor'));

it('begins a planned stop for a robot, says until when it lasts, and ends it', async () => {
  const { kept } = grafana([]);
  render(<PlannedStop robot={ROBOT} timeZone="utc" />);
  fireEvent.click(await screen.findByRole('button', { name: 'Planned stop …' }));
  expect(await screen.findByTestId('stop-scope')).toHaveTextContent('amr-1');
  expect(screen.getByText(/Telemetry drop-off, Telemetry slow, Robot needs help/)).toBeInTheDocument();
  expect(screen.getByText(/Group of robots silent still notifies/)).toBeInTheDocument();
  fireEvent.click(screen.getByRole('radio', { name: '2 h' }));
  fireEvent.change(screen.getByPlaceholderText(/new tyres/), { target: { value: ' new tyres ' } });
  fireEvent.click(screen.getByRole('button', { name: 'Start the planned stop' }));
  expect(await screen.findByTestId('planned-stop')).toHaveTextContent(/^Alerts silenced until /);
  expect(kept).toHaveLength(1);
  const [{ comment, createdBy, startsAt, endsAt } = stopOf('')] = kept;
  expect({ comment, createdBy }).toEqual({ comment: 'Planned stop: new tyres', createdBy: 'ada' });
  expect(Date.parse(endsAt) - Date.parse(startsAt)).toBe(7_200_000);
  fireEvent.click(screen.getByRole('button', { name: 'End now' }));
  expect(await screen.findByRole('button', { name: 'Planned stop …' })).toBeInTheDocument();
  expect(kept).toEqual([]);
});

it('says when a stop is about more robots, and ends all of it', async () => {
  const group = {
    ...stopOf('', 'group'),
    matchers: [{ name: 'alertname', value: 'Group of robots silent', isRegex: false }],
  };
  const { kept } = grafana([stopOf('amr-1|amr-2|amr-3'), group, { ...stopOf('amr-9', 'other'), comment: 'another' }]);
  render(<PlannedStop robot={ROBOT} timeZone="utc" />);
  expect(await screen.findByTestId('planned-stop')).toHaveTextContent(/ by ada, with 2 other robots$/);
  fireEvent.click(screen.getByRole('button', { name: 'End now for all of them' }));
  await waitFor(() => expect(kept.map(({ id }) => id)).toEqual(['other']));
});

it('names who began it as text that is safe to show, and nobody where Grafana has no name', async () => {
  grafana([{ ...stopOf('amr-1'), createdBy: 'ada\u202e' }]);
  const { unmount } = render(<PlannedStop robot={ROBOT} timeZone="utc" />);
  expect(await screen.findByTestId('planned-stop')).toHaveTextContent(/ by ada\\u\{202e\}$/);
  unmount();
  grafana([{ ...stopOf('amr-1'), createdBy: '' }]);
  render(<PlannedStop robot={ROBOT} timeZone="utc" />);
  expect(await screen.findByTestId('planned-stop')).not.toHaveTextContent(' by ');
});

it.each([
  ['UTC', '04:30'],
  ['Asia/Tokyo', '13:30'],
])('says until when in the time zone of the page, %s, with the day where it is not today', async (timeZone, clock) => {
  grafana([{ ...stopOf('amr-1'), endsAt: '2099-01-02T04:30:00Z' }]);
  render(<PlannedStop robot={ROBOT} timeZone={timeZone} />);
  expect(await screen.findByTestId('planned-stop')).toHaveTextContent(
    `Alerts silenced until 2099-01-02 ${clock}:00 by`
  );
});

it('shows a viewer what is silenced, and no button', async () => {
  as('Viewer');
  grafana([stopOf('amr-1')]);
  const { rerender } = render(<PlannedStop robot={ROBOT} timeZone="utc" />);
  expect(await screen.findByTestId('planned-stop')).toBeInTheDocument();
  rerender(<PlannedStop robot={{ robotId: 'amr-2', site: 'here' }} timeZone="utc" />);
  expect(screen.queryByTestId('planned-stop')).toBeNull();
  expect(screen.queryAllByRole('button')).toEqual([]);
});

it('keeps the dialog and says why when Grafana refuses', async () => {
  grafana([], { refusal: 'permission alert.instances:create is missing', status: 403 });
  render(<PlannedStopButton askScope={() => ({ kind: 'site', site: 'here' })} />);
  fireEvent.click(screen.getByRole('button', { name: 'Planned stop …' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Start the planned stop' }));
  expect(await screen.findByText(/permission alert.instances:create is missing/)).toBeInTheDocument();
  expect(screen.getByText('Silences need the role Editor.')).toBeInTheDocument();
  expect(screen.getByTestId('stop-scope')).toHaveTextContent('Site here');
});

it('leaves no part of a stop that Grafana took only in part', async () => {
  const { kept, post } = grafana([], { refusal: 'database is locked', status: 500, taken: 1 });
  const robots = [ROBOT, { robotId: 'amr-2', site: 'here' }];
  render(<PlannedStopButton askScope={() => ({ kind: 'robots', robots })} />);
  fireEvent.click(screen.getByRole('button', { name: 'Planned stop …' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Start the planned stop' }));
  expect(await screen.findByText(/database is locked/)).toBeInTheDocument();
  expect(post).toHaveBeenCalledTimes(2);
  expect(kept).toEqual([]);
});

it('says nothing of rights when Grafana fails for another reason', async () => {
  grafana([], { refusal: 'database is locked', status: 500 });
  render(<PlannedStopButton askScope={() => ({ kind: 'site', site: 'here' })} />);
  fireEvent.click(screen.getByRole('button', { name: 'Planned stop …' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Start the planned stop' }));
  expect(await screen.findByText(/database is locked/)).toBeInTheDocument();
  expect(screen.queryByText('Silences need the role Editor.')).toBeNull();
});

it.each([-7_200_000, 7_200_000])(
  'begins at once on a computer whose clock is wrong by %d ms: Grafana begins and ends silences by its own',
  async (offsetMs) => {
    const nowMs = Math.floor((Date.now() + offsetMs) / 1_000) * 1_000;
    const { kept } = grafana([], { nowMs });
    render(<PlannedStopButton askScope={() => ({ kind: 'site', site: 'here' })} />);
    fireEvent.click(screen.getByRole('button', { name: 'Planned stop …' }));
    fireEvent.click(await screen.findByRole('button', { name: 'Start the planned stop' }));
    await waitFor(() => expect(kept).toHaveLength(1));
    expect([kept[0]?.startsAt, kept[0]?.endsAt].map((time) => Date.parse(time ?? ''))).toEqual([
      nowMs,
      nowMs + 3_600_000,
    ]);
  }
);

it('promises of a site only what is so where it is the only one', async () => {
  grafana([]);
  render(<PlannedStopButton askScope={() => ({ kind: 'site', site: 'here' })} />);
  fireEvent.click(screen.getByRole('button', { name: 'Planned stop …' }));
  // Its fleet has the label of the site then.
  expect(await screen.findByText(/a silent fleet, unless this is its only site/)).toBeInTheDocument();
});

it('says that a stop has begun, of what, and where it ends, until the next one is asked for', async () => {
  grafana([]);
  render(<PlannedStopButton askScope={() => ({ kind: 'site', site: 'here\u202e' })} />);
  fireEvent.click(screen.getByRole('button', { name: 'Planned stop …' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Start the planned stop' }));
  expect(await screen.findByTestId('stop-started')).toHaveTextContent(
    'The planned stop has begun: Site here\\u{202e}. The page of each robot says until when, and ends it.'
  );
  fireEvent.click(screen.getByRole('button', { name: 'Planned stop …' }));
  await screen.findByTestId('stop-scope');
  expect(screen.queryByTestId('stop-started')).toBeNull();
});

it('says so when the robots cannot be read', async () => {
  grafana([]);
  render(<PlannedStopButton askScope={() => Promise.reject(new Error('connection refused'))} />);
  await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Planned stop …' })));
  expect(screen.getByRole('alert')).toHaveTextContent('The robots cannot be read: connection refused');
});

it('says that nobody knows whether alerts are silenced while the silences cannot be read, and offers a stop', async () => {
  setBackendSrv({ fetch: () => throwError(() => new Error('down')) } as unknown as BackendSrv);
  render(<PlannedStop robot={ROBOT} timeZone="utc" />);
  expect(await screen.findByRole('button', { name: 'Planned stop …' })).toBeInTheDocument();
  expect(await screen.findByText('Whether its alerts are silenced is not known: down')).toBeInTheDocument();
});
