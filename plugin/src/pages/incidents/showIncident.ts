import { locationService } from '@grafana/runtime';
import { SceneFlexItem, SceneFlexLayout, SceneTimeRange, VizPanel } from '@grafana/scenes';
import { t } from '@grafana/i18n';
import { FLOOR_MAP_PANEL } from '../../grafana/identifiers';
import { onAddress } from '../../queries/addressRunner';
import { fleetThen } from '../../queries/fleet';
import { fleetAt } from '../../queries/fleetAt';
import { runRows } from '../../queries/queryRunner';
import { panelItem, row } from '../layout';
import { lagPanel, MOST_TIMELINES, momentFlowPanel, timelinesPanel, traitsPanel } from './incidentPanels';
import { findIncident, rangeAround, type Incident } from './incidents';
import { keyOfAddress, type IncidentStore } from './incidentStore';
import { MomentBar } from './MomentBar';
import { honest } from '../sayWhenUnread';
import { mapFieldConfig } from '../robotLinks';

const MINUTES_AROUND = 15;
const MAP_HEIGHT = 'max(420px, 55vh)';

/**
 * Scene behaviour of an empty layout: fills it with the incident that the address names, at the moment that the address holds.
 * Everything in it shows this one moment.
 */
export function showIncident({ store, hasPrometheus }: { store: IncidentStore; hasPrometheus: boolean }) {
  return (layout: SceneFlexLayout): (() => void) => {
    let shown = '';
    const update = () => {
      const incident = findIncident(store.state.incidents ?? [], keyOfAddress());
      const atMs = incident ? momentOfAddress(incident) : NaN;
      const wanted = incident ? JSON.stringify([incident.key, atMs, incident.robotIds]) : '';
      if (wanted === shown) return;
      shown = wanted;
      layout.setState({ children: incident ? contentOf({ store, incident, atMs, hasPrometheus }) : [] });
    };
    update();
    const subscription = store.subscribeToState(update);
    const stop = onAddress(update);
    return () => {
      subscription.unsubscribe();
      stop();
    };
  };
}

/** The moment in the address, in milliseconds; where it holds none, the start of the incident. */
function momentOfAddress({ startMs }: Incident): number {
  const atMs = Number(locationService.getSearch().get('at') ?? NaN);
  return Number.isFinite(atMs) && atMs > 0 ? Math.round(atMs) : Math.round(startMs);
}

interface ShownIncident {
  store: IncidentStore;
  incident: Incident;
  atMs: number;
  hasPrometheus: boolean;
}

function contentOf({ store, incident, atMs, hasPrometheus }: ShownIncident): SceneFlexItem[] {
  const { robotIds } = incident;
  const around = MINUTES_AROUND * 60_000;
  const flow = [item(momentFlowPanel(atMs), 420, 130), ...(hasPrometheus ? [item(lagPanel(), 420, 200)] : [])];
  return [
    new SceneFlexItem({
      ySizing: 'content',
      body: new MomentBar({ store: store.getRef(), incident, atMs, nowMs: Date.now() }),
    }),
    new SceneFlexItem({
      ySizing: 'content',
      // The map counts ages up to the end of the range, which is the moment.
      $timeRange: fixedRange(atMs - around, atMs),
      body: row([
        item(mapAt(atMs), 520, MAP_HEIGHT),
        ...(robotIds.length > 0 ? [item(traitsPanel(robotIds, atMs), 480, MAP_HEIGHT)] : []),
      ]),
    }),
    new SceneFlexItem({
      ySizing: 'content',
      $timeRange: new SceneTimeRange(rangeAround(atMs, around, Date.now())),
      body: row([
        ...(robotIds.length > 0
          ? [item(timelinesPanel(robotIds), 520, 130 + 26 * Math.min(robotIds.length, MOST_TIMELINES))]
          : []),
        ...flow,
      ]),
    }),
  ];
}

function mapAt(atMs: number): VizPanel {
  return new VizPanel({
    // A map of its own: it keeps its own view.
    key: 'panel-3',
    pluginId: FLOOR_MAP_PANEL,
    fieldConfig: mapFieldConfig(),
    title: t('incidents.map.title', 'The map at this moment'),
    $data: runRows(fleetThen(fleetAt(atMs))),
    options: { showAlerts: false },
  });
}

function fixedRange(fromMs: number, toMs: number): SceneTimeRange {
  return new SceneTimeRange({ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() });
}

function item(body: VizPanel, minWidthPx: number, height: number | string): SceneFlexItem {
  return panelItem(honest(body), minWidthPx, height);
}
