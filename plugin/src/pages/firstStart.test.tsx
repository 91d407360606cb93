import React from 'react';
import { getDataSourceSrv } from '@grafana/runtime';
import { SceneTimeRange } from '@grafana/scenes';
import { render, screen } from '@testing-library/react';
import { MemoryRouter } from 'react-router-dom';
import { plainly } from '../grafana/dataSourceWords';
import { CLICKHOUSE, PROMETHEUS, RUNBOOKS_URL } from '../grafana/identifiers';
import { CannotRead } from './CannotRead';
import { NoRobots } from './fleet/NoRobots';
import { MissingDataSource } from './MissingDataSource';
import { runbooks } from './runbooks/runbooks';

jest.mock('@grafana/runtime', () => ({
  ...jest.requireActual('@grafana/runtime'),
  getDataSourceSrv: jest.fn(),
}));

const SETUP = '/plugins/floorwatch-fleet-app?page=setup';

function withSources(...uids: string[]) {
  const getInstanceSettings = (uid: string) => (uids.includes(uid) ? {} : undefined);
  jest.mocked(getDataSourceSrv).mockReturnValue({ getInstanceSettings } as never);
}

function textOf(page: React.ReactElement): string {
  return render(<MemoryRouter>{page}</MemoryRouter>).container.textContent ?? '';
}

const links = () => screen.queryAllByRole('link').map((link) => link.getAttribute('href') ?? '');

/** Each link to a runbook has to lead to one: the address of a former rule would say that there is none. */
function expectKnownRunbooks() {
  const slugs = links().flatMap((link) => (link.startsWith(`${RUNBOOKS_URL}/`) ? [link.split('/').at(-1)] : []));
  expect(slugs.length).toBeGreaterThan(0);
  const known = runbooks().map(({ slug }) => slug);
  expect(slugs.filter((slug) => !known.includes(slug ?? ''))).toEqual([]);
}

it('no robots: names the topic to publish to, and leads to a runbook that exists', () => {
  const hint = new NoRobots({ $timeRange: new SceneTimeRange({ from: 'now-1h', to: 'now', timeZone: 'utc' }) });
  expect(textOf(<hint.Component model={hint} />)).toMatch(/No robot has ever reported.*robot\.telemetry.*KAFKA_TOPIC/);
  expectKnownRunbooks();
});

it('no ClickHouse data source: leads to adding one, and to the page that chooses another', () => {
  withSources(PROMETHEUS.uid);
  expect(textOf(<MissingDataSource />)).toContain(CLICKHOUSE.uid);
  expect(links()).toEqual([`/connections/datasources/${CLICKHOUSE.type}`, SETUP]);
});

it('no Prometheus: says what is missing without it, and leads to adding one or choosing another', () => {
  withSources(CLICKHOUSE.uid);
  const said = textOf(<MissingDataSource />);
  expect(said).toContain(PROMETHEUS.uid);
  expect(said).toContain('the lag that the ingestor measures and the duration of inserts are not shown');
  expect(links()).toEqual(['/connections/datasources/prometheus', SETUP]);
});

it('with both data sources: says nothing', () => {
  withSources(CLICKHOUSE.uid, PROMETHEUS.uid);
  expect(textOf(<MissingDataSource />)).toBe('');
});

it.each([
  [
    'no rights',
    'code: 497, message: floorwatch_reader: Not enough privileges',
    /floorwatch_reader_role.*`ingestor migrate` as floorwatch_owner/,
  ],
  ['no schema', 'code: 60, message: Unknown table v_fleet_now', /`ingestor migrate` as floorwatch_owner/],
  ['a wrong password', 'code: 516, message: Authentication failed', /password of the data source/],
  [
    'ClickHouse is not running',
    'dial tcp 127.0.0.1:8123: connect: connection refused',
    /Check that ClickHouse is running/,
  ],
])('%s: the page says the cause in one sentence and what to do', (_, message, said) => {
  const unread = { reason: plainly(message), shownOfMs: NaN };
  expect(textOf(<CannotRead what="The fleet" unread={unread as never} />)).toMatch(said);
  expectKnownRunbooks();
});
