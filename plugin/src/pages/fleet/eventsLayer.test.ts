import { LoadingState, type PanelData } from '@grafana/data';
import { getBackendSrv } from '@grafana/runtime';
import { EmbeddedScene, SceneDataLayerSet, SceneFlexLayout, SceneTimeRange } from '@grafana/scenes';
import { EventsLayer } from './eventsLayer';

jest.mock('@grafana/runtime', () => ({ ...jest.requireActual('@grafana/runtime'), getBackendSrv: jest.fn() }));

const NOTE = { id: 1, time: 5, text: 'Oil', tags: ['x:4', 'y:3'] };
const OF_ROBOT = { id: 2, time: 6, text: 'Wheel changed', tags: ['robot:amr-7'] };
const ALERT = {
  id: 3,
  time: 7,
  alertName: 'Telemetry drop-off',
  newState: 'Alerting',
  text: 'T {grafana_folder=Floorwatch, robot_id=amr-8} - s=9',
};

const OTHER_TEAM = { ...ALERT, id: 4, text: 'T {grafana_folder=Doors, robot_id=amr-7} - s=9' };

function answer(get: (url: string, params: { type: string }) => Promise<unknown>) {
  jest.mocked(getBackendSrv).mockReturnValue({ get } as never);
}

/** What the layer tells the panels. */
async function published(layer: EventsLayer): Promise<PanelData> {
  const scene = new EmbeddedScene({
    $timeRange: new SceneTimeRange({ from: 'now-1h', to: 'now' }),
    $data: new SceneDataLayerSet({ layers: [layer] }),
    body: new SceneFlexLayout({ children: [] }),
  });
  const result = new Promise<PanelData>((resolve) => {
    layer.getResultsStream().subscribe(({ data }) => resolve(data));
  });
  const stop = scene.activate();
  const data = await result;
  stop();
  return data;
}

const idsOf = (data: PanelData) => data.series[0]?.fields.find(({ name }) => name === 'id')?.values;

beforeEach(() => {
  answer((_, { type }) => Promise.resolve(type === 'alert' ? [ALERT, OTHER_TEAM] : [NOTE, OF_ROBOT]));
});

it('hands on notes and changes of alert states with the robot that they are about', async () => {
  const data = await published(new EventsLayer());
  expect(idsOf(data)).toEqual(['1', '2', '3']);
  expect(data.series[0]?.fields.find(({ name }) => name === 'robot_id')?.values).toEqual(['', 'amr-7', 'amr-8']);
});

it('leaves out what is about another robot than the one that it is told', async () => {
  expect(idsOf(await published(new EventsLayer({ robot: 'amr-7' })))).toEqual(['1', '2']);
});

it('says that Grafana does not answer', async () => {
  answer(() => Promise.reject(new Error('503')));
  const data = await published(new EventsLayer());
  expect(data.state).toBe(LoadingState.Error);
  expect(data.errors?.[0]?.message).toBe('Notes and alerts cannot be read: 503');
});
