import { arrayToDataFrame, DataTopic, LoadingState, type PanelData } from '@grafana/data';
import { t } from '@grafana/i18n';
import { config, getBackendSrv } from '@grafana/runtime';
import {
  sceneGraph,
  SceneDataLayerBase,
  type SceneDataLayerProviderState,
  type SceneTimeRangeLike,
} from '@grafana/scenes';
import { from, type Unsubscribable } from 'rxjs';
import { UNESCAPED } from '../../grafana/showText';
import { eventsForMap, isOurs, readEvent, type FleetEvent, type StoredAnnotation } from './readEvents';

/** Of each kind: a fleet that falls silent changes as many states as it has robots, and a note must not drown in them. */
const MAX_EVENTS = 500;

interface EventsLayerState extends SceneDataLayerProviderState {
  /** A variable that names one robot: only its events are shown, and those that are about no robot. */
  robot?: string;
  /** The same for a page whose address names the robot otherwise. */
  robotOf?: () => string;
}

/**
 * Notes and changes of alert states in the chosen time, from all of Grafana: a page has no dashboard to hang them on, and
 * Grafana's own layer finds notes outside a dashboard by whole tags only, not by `x:` and `robot:`.
 */
export class EventsLayer extends SceneDataLayerBase<EventsLayerState> {
  #timeRangeSub: Unsubscribable | undefined;

  constructor({ robot, robotOf }: Pick<EventsLayerState, 'robot' | 'robotOf'> = {}) {
    super({ name: t('fleet.events.title', 'Notes and alerts'), isEnabled: true, robot, robotOf }, ['robot']);
  }

  onEnable(): void {
    this.#timeRangeSub = sceneGraph.getTimeRange(this).subscribeToState(() => {
      this.runLayer();
    });
  }

  onDisable(): void {
    this.#timeRangeSub?.unsubscribe();
  }

  protected runLayer(): void {
    const timeRange = sceneGraph.getTimeRange(this);
    this.querySub?.unsubscribe();
    const { from: start, to: end } = timeRange.state.value;
    this.querySub = from(fetchEvents(start.valueOf(), end.valueOf())).subscribe({
      next: (events) => {
        const { robotOf, robot: variable } = this.state;
        const robot = robotOf?.() ?? (variable === undefined ? null : sceneGraph.interpolate(this, variable));
        const shown =
          robot === null
            ? eventsForMap(events)
            : robot === ''
              ? events
              : events.filter(({ robot_id: id }) => id === '' || id === robot);
        this.publishResults(panelData(timeRange, { state: LoadingState.Done, series: [frameOf(shown)] }));
      },
      error: (error: unknown) => {
        const problem = error instanceof Error ? error.message : JSON.stringify(error);
        const message = t('fleet.events.failed', 'Notes and alerts cannot be read: {{problem}}', {
          problem,
          ...UNESCAPED,
        });
        this.publishResults(panelData(timeRange, { state: LoadingState.Error, series: [], errors: [{ message }] }));
      },
    });
  }
}

/** Notes, and the changes of our alerts, in a time range in milliseconds. */
export async function fetchEvents(fromMs: number, toMs: number): Promise<FleetEvent[]> {
  const range = { from: fromMs, to: toMs, limit: MAX_EVENTS };
  const kinds = await Promise.all(
    ['annotation', 'alert'].map((type) =>
      getBackendSrv().get<StoredAnnotation[]>('/api/annotations', { ...range, type })
    )
  );
  return kinds.flat().filter(isOurs).map(readEvent);
}

function frameOf(events: FleetEvent[]) {
  const { getColorByName } = config.theme2.visualization;
  const coloured = events.map((event) => ({ ...event, color: getColorByName(event.color ?? 'blue') }));
  const frame = arrayToDataFrame(coloured);
  frame.meta = { ...frame.meta, dataTopic: DataTopic.Annotations };
  return frame;
}

function panelData(timeRange: SceneTimeRangeLike, data: Pick<PanelData, 'state' | 'series' | 'errors'>): PanelData {
  return { timeRange: timeRange.state.value, ...data };
}
