import React from 'react';
import { dateTime, EventBusSrv, getDefaultTimeRange, LoadingState, toDataFrame, type PanelProps } from '@grafana/data';
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { FloorMapPanel } from './FloorMapPanel';
import { DEFAULT_OPTIONS, type FloorMapOptions } from '../options/options';
import { NEW_LAYER, READY_LAYERS, type HeatLayer } from '../heatmap/heatLayer';

const asked: string[] = [];
const requestIds: string[] = [];
let isUnreachable = false;
let delay: Promise<void> | undefined;
let failure: { message: string } | undefined;
let answer = () => toDataFrame({ fields: [] });
jest.mock('@grafana/runtime', () => ({
  ...jest.requireActual('@grafana/runtime'),
  getDataSourceSrv: () => ({
    get: () =>
      Promise.resolve({
        query: ({ targets, requestId }: { targets: Array<{ rawSql: string }>; requestId: string }) => {
          requestIds.push(requestId);
          const sql = targets[0]?.rawSql ?? '';
          if (sql.includes('floor_cell')) asked.push(sql);
          return Promise.resolve(delay).then(() => ({
            data: isUnreachable ? [] : [sql.includes('floor_cell') ? answer() : toDataFrame({ fields: [] })],
            error: failure,
          }));
        },
      }),
  }),
}));

const column = (name: string, values: unknown[]) => ({ name, values });
const ROBOTS = toDataFrame({ refId: 'A', fields: [column('robot_id', ['r']), column('x', [1]), column('y', [1])] });
const heat = (values: unknown[], x: unknown[] = values.map((_, i) => i)) =>
  toDataFrame({
    refId: 'B',
    fields: [
      column('x', x),
      column(
        'y',
        x.map(() => 0)
      ),
      column('value', values),
    ],
  });
const LAYER: HeatLayer = { ...NEW_LAYER, name: 'Wear', unit: 's', isShown: true };

function show(...shown: Parameters<typeof panelOf>) {
  return render(panelOf(...shown));
}

function panelOf(layers: HeatLayer[], more: Partial<PanelProps['data']> = {}) {
  const props = {
    id: 1,
    width: 800,
    height: 500,
    options: { ...DEFAULT_OPTIONS, planSource: 'none', showZones: false, showAlerts: false, layers } as FloorMapOptions,
    data: { state: LoadingState.Done, series: [ROBOTS], timeRange: getDefaultTimeRange(), ...more },
    replaceVariables: (text: string) => text,
    eventBus: new EventBusSrv(),
    timeZone: 'utc',
  };
  return <FloorMapPanel {...(props as unknown as PanelProps<FloorMapOptions>)} />;
}
const legend = () => screen.getByTestId('floormap-layers');
const CLICKHOUSE = {
  targets: [{ refId: 'A', datasource: { type: 'grafana-clickhouse-datasource', uid: 'c' } }],
} as unknown as NonNullable<PanelProps['data']['request']>;

it('has a scale with numbers for a layer of a query, and robots beside it', () => {
  show([LAYER], { series: [ROBOTS, heat([0, 10, NaN])] });
  expect(legend()).toHaveTextContent('Wear');
  expect(legend()).toHaveTextContent('0 s');
  expect(legend()).toHaveTextContent('10 s');
  expect(legend()).toHaveTextContent('1 row without a number left out');
  expect(screen.getByTestId('floormap-counts')).toHaveTextContent('1 placed');
});

it('says what a layer’s query lacks, and the rest works', () => {
  show([LAYER], { series: [ROBOTS, toDataFrame({ refId: 'B', fields: [column('x', [1])] })] });
  expect(screen.getByRole('status')).toHaveTextContent('Layer Wear: query B has no field y and value (it has x).');
  expect(screen.getByTestId('floormap-counts')).toHaveTextContent('1 placed');
});

it('says that there are no cells', () => {
  show([LAYER], { series: [ROBOTS, toDataFrame({ refId: 'B', fields: [] })] });
  expect(legend()).toHaveTextContent('No cells here in this time range.');
});

it('shows and hides layers on the map, one at a time', async () => {
  show([LAYER, { ...LAYER, name: 'Tear', isShown: false }], { series: [ROBOTS, heat([1])] });
  fireEvent.click(screen.getByRole('button', { name: 'Layers' }));
  fireEvent.click(await screen.findByRole('menuitemcheckbox', { name: 'Tear' }));
  expect(legend()).toHaveTextContent('Tear');
  expect(legend()).not.toHaveTextContent('Wear');
  fireEvent.click(screen.getByRole('button', { name: 'Hide Tear' }));
  expect(screen.queryByTestId('floormap-layers')).toBeNull();
});

it('offers what the warehouse has ready only where it can be asked', () => {
  show(READY_LAYERS);
  expect(screen.queryByRole('button', { name: 'Layers' })).toBeNull();
});

it('asks the warehouse for a ready layer when it is shown, and not before', async () => {
  answer = () => heat([600, 60]);
  show(READY_LAYERS, { request: CLICKHOUSE });
  expect(asked).toEqual([]);
  fireEvent.click(screen.getByRole('button', { name: 'Layers' }));
  fireEvent.click(await screen.findByRole('menuitemcheckbox', { name: 'Congestion' }));
  await waitFor(() => expect(legend()).toHaveTextContent('10 min'));
  expect(asked).toHaveLength(1);
  expect(asked[0]).toContain('sum(congested_seconds) AS value');
});

it('says which range is A and which is B', async () => {
  asked.length = 0;
  answer = () => heat([asked.length === 1 ? 90 : 60]);
  const [dwell] = READY_LAYERS;
  show([{ ...(dwell ?? NEW_LAYER), compareWith: '1d', isShown: true }], { request: CLICKHOUSE });
  await waitFor(() => expect(legend()).toHaveTextContent('B: a day before'));
  await waitFor(() => expect(legend()).toHaveTextContent(/-\d.*0\+/));
  const froms = asked.map((sql) => Number(/toDateTime\((\d+)/.exec(sql)?.[1]));
  expect(Math.max(...froms) - Math.min(...froms)).toBe(86_400);
});

it('folds the legend to its scale, so that the plan below it is seen', async () => {
  answer = () => heat([60]);
  const [dwell] = READY_LAYERS;
  show([{ ...(dwell ?? NEW_LAYER), compareWith: '1d', isShown: true }], { request: CLICKHOUSE });
  await waitFor(() => expect(legend()).toHaveTextContent('B: a day before'));
  const fold = screen.getByRole('button', { name: 'Legend of Dwell', expanded: true });
  fireEvent.click(fold);
  expect(fold).toHaveAttribute('aria-expanded', 'false');
  expect(legend()).not.toHaveTextContent('B: a day before');
  expect(screen.queryByLabelText('Compare Dwell with')).toBeNull();
  fireEvent.click(fold);
  expect(legend()).toHaveTextContent('B: a day before');
});

it('says that the warehouse could not be asked', async () => {
  failure = { message: 'Failed to fetch' };
  show([{ ...(READY_LAYERS[0] ?? NEW_LAYER), isShown: true }], { request: CLICKHOUSE });
  const said = 'Layer Dwell: The floor could not be read: Failed to fetch.';
  await waitFor(() => expect(screen.getByRole('status')).toHaveTextContent(said));
  expect(legend()).toHaveTextContent('No cells: see the message above.');
});

describe('a ready layer whose database goes away', () => {
  const layer = { ...(READY_LAYERS[0] ?? NEW_LAYER), isShown: true };
  const at = (minute: number) => {
    const [from, to] = [dateTime(Date.UTC(2026, 10, 24, 11, minute)), dateTime(Date.UTC(2026, 10, 24, 12, minute))];
    return { request: { ...CLICKHOUSE }, timeRange: { from, to, raw: { from, to } } };
  };
  const pass = () => act(() => new Promise((resolve) => setTimeout(resolve, 20)));

  it('keeps its cells, says how old they are, and is asked again at the next refresh, not before', async () => {
    failure = undefined;
    asked.length = 0;
    answer = () => heat([60, 600]);
    const { rerender } = show([layer], at(0));
    await waitFor(() => expect(legend()).toHaveTextContent('10 min'));
    expect(legend()).not.toHaveTextContent('as of');

    failure = { message: 'Failed to fetch' };
    const outage = at(1);
    rerender(panelOf([layer], outage));
    await waitFor(() => expect(legend()).toHaveTextContent('as of Nov 24 12:00, from Nov 24 11:00 on'));
    expect(legend()).toHaveTextContent('10 min');
    const said = 'Layer Dwell keeps its last cells: The floor could not be read: Failed to fetch.';
    expect(screen.getByRole('status')).toHaveTextContent(said);
    await pass();
    rerender(panelOf([layer], { ...outage }));
    await pass();
    expect(asked).toHaveLength(2);

    failure = undefined;
    answer = () => heat([60, 1_200]);
    rerender(panelOf([layer], at(1)));
    await waitFor(() => expect(legend()).toHaveTextContent('20 min'));
    expect(legend()).not.toHaveTextContent('as of');
    expect(asked).toHaveLength(3);
  });

  it('is not queried again during a slow query, and then for the time since', async () => {
    asked.length = 0;
    let finish = () => {};
    delay = new Promise<void>((resolve) => (finish = resolve));
    answer = () => heat([60]);
    const { rerender } = show([layer], at(0));
    await pass();
    rerender(panelOf([layer], at(1)));
    await pass();
    expect(asked).toHaveLength(1);
    finish();
    await waitFor(() => expect(asked).toHaveLength(2));
    await waitFor(() => expect(legend()).toHaveTextContent('1 min'));
    delay = undefined;
  });
});

it('says that Grafana did not answer, where it tells nothing of that', async () => {
  isUnreachable = true;
  show([{ ...(READY_LAYERS[0] ?? NEW_LAYER), isShown: true }], { request: CLICKHOUSE });
  const said = 'Layer Dwell: The floor could not be read: Grafana did not answer.';
  await waitFor(() => expect(screen.getByRole('status')).toHaveTextContent(said));
  isUnreachable = false;
});

it('asks each question under a name of its own: Grafana cancels one for another of the same name', () => {
  expect(requestIds.length).toBeGreaterThan(10);
  expect(new Set(requestIds).size).toBe(requestIds.length);
});
