import { useMemo, useState } from 'react';
import type { PanelProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useTheme2 } from '@grafana/ui';
import { useFiringAlerts } from '../alerts/useFiringAlerts';
import { completeOptions, type FloorMapOptions } from '../options/options';
import type { Fleet } from '../fleet/fleet';
import { isSharedView, PLAYBACK, useAddress } from '../../grafana/address';
import { showText, UNESCAPED } from '../../grafana/showText';
import { contentBounds } from '../fleet/contentBounds';
import { findOffPlan } from '../fleet/offPlan';
import { statusAt, type Status } from '../fleet/status';
import { noRows } from '../fleet/readFleet';
import { useFleet } from '../fleet/useFleet';
import { useLiveFleet } from '../live/useLiveFleet';
import { useFloor } from '../fleet/useFloor';
import { countOccupancy } from '../fleet/shapeOccupancy';
import { useSelectionVariable } from '../selection/selectionVariable';
import { useRobotData } from '../heatmap/useRobotData';
import { useLayers } from '../heatmap/useLayers';
import { useAnnotations } from '../annotations/useAnnotations';
import { paletteOf } from '../paint/palette';
import { usePlan } from '../plan/usePlan';
import { useShapes } from '../plan/useShapes';
import { usePlayback } from '../playback/usePlayback';

/** In a playback, rows of the live frame and what is wrong with it are not the subject. */
const NOTHING_LIVE = { frame: null, problem: '' };

/** Everything that the map shows, derived from the panel's data, options and theme. */
export function useMapModel(props: PanelProps<FloorMapOptions>) {
  const options = useMemo(() => completeOptions(props.options), [props.options]);
  const theme = useTheme2();
  const isShared = isSharedView();
  // What the warehouse has ready cannot be asked for there.
  const shownLayers = useMemo(
    () => (isShared ? options.layers.filter(({ source }) => source.kind !== 'ready') : options.layers),
    [options.layers, isShared]
  );
  const palette = useMemo(() => paletteOf(theme), [theme]);
  const robotData = useRobotData(props.data, options.layers);
  const answer = useFleet(robotData, options);
  const isPlayback = useAddress(PLAYBACK) !== '';
  const isWanted = options.live && !isPlayback;
  const live = { ...answer, fleet: useLiveFleet(answer, robotData, { ...options, isWanted }) };
  const playback = usePlayback(props.data, live.fleet, options.silentAfterSeconds, props.eventBus);
  const { fleet, frame, problem } = playback.fleet ? { ...NOTHING_LIVE, fleet: playback.fleet } : live;
  const { floors, mapId, placement, showFloor } = useFloor(fleet, options.mapId);
  const { plan, problem: planProblem, isNotImported } = usePlan(options, mapId, props.data.request, palette);
  const { shapes, problem: shapesProblem } = useShapes(options.showZones, mapId, props.data.request);
  const layers = useLayers(props.data, shownLayers, mapId, theme);
  const untilMs = playback.fleet ? playback.timeMs : Infinity;
  const annotations = useAnnotations(props.data, { fleet, isPlaced: placement.isPlaced, mapId, untilMs });
  const robotsInShapes = useMemo(() => countOccupancy(shapes, fleet, placement.isPlaced), [shapes, fleet, placement]);
  const alerts = useFiringAlerts(options.showAlerts && !playback.isOpen && !isShared, options.alertFolder);
  const alertingIds = useMemo(() => new Set(alerts.keys()), [alerts]);
  const { selectionVariable } = options;
  const variable = useSelectionVariable(
    selectionVariable,
    selectionVariable ? props.replaceVariables(`\${${selectionVariable}:queryparam}`) : ''
  );
  const [hidden, setHidden] = useState<ReadonlySet<Status>>(new Set());
  const isShown = useMemo(
    () => placement.isPlaced.map((placed, i) => (hidden.has(statusAt(fleet.statuses[i] ?? 0)) ? 0 : placed)),
    [placement, fleet, hidden]
  );
  const content = useMemo(
    () => contentBounds(plan?.geometry ?? null, shapes, fleet, placement.isPlaced),
    [plan, shapes, fleet, placement]
  );
  const offPlan = useMemo(
    () => findOffPlan(plan?.geometry ?? null, fleet, placement.isPlaced),
    [plan, fleet, placement]
  );
  const absent = useMemo(() => absentProblem(fleet, variable.arrivedIds), [fleet, variable.arrivedIds]);
  // Zones alone are a plan to the people who imported them.
  const noPlan = isNotImported && shapes.length === 0 ? noPlanOf(mapId ?? '') : '';
  const emptyAnswer = fleet.count === 0 && frame?.length === 0 ? noRows() : '';
  return {
    options,
    palette,
    fleet,
    frame,
    playback,
    /** Not where Grafana lets the map ask nothing about the past. */
    canPlayback: !isShared,
    /** Names of the firing alerts by robot. */
    alerts,
    alertingIds,
    /** Sentences on what is wrong. */
    problems: [
      problem,
      emptyAnswer,
      isShared ? sharedView() : '',
      planProblem,
      noPlan,
      shapesProblem,
      variable.problem,
      absent,
      ...layers.problems,
    ].filter(Boolean),
    floors: options.mapId ? [] : floors,
    mapId,
    showFloor,
    placement,
    plan,
    shapes,
    layers,
    ...annotations,
    /** Robots in each shape, by its index. */
    robotsInShapes,
    variable,
    hidden,
    setHidden,
    isShown,
    content,
    offPlan,
  };
}

function noPlanOf(floor: string): string {
  return t(
    'map.plan.none',
    'Floor “{{floor}}” has no plan yet. Import a map or zones: `ingestor floorplan import map.yaml --map-id ID`.',
    { floor: showText(floor), ...UNESCAPED }
  );
}

const sharedView = () =>
  t(
    'map.shared',
    'Shared view: robots only. Open the dashboard in Grafana for the floor plan, zones, alerts and playback.'
  );

/** A link may name a robot that is retired, misspelt, or not in the answer of the query. */
function absentProblem(fleet: Fleet, arrivedIds: readonly string[]): string {
  if (fleet.count === 0 || arrivedIds.length === 0) return '';
  const known = new Set(fleet.robotIds);
  const absent = arrivedIds.filter((robotId) => !known.has(robotId));
  if (absent.length === 0) return '';
  const names = absent.slice(0, 3).map(showText).join(', ');
  const said = { names, more: absent.length - 3, ...UNESCAPED };
  return absent.length > 3
    ? t(
        'map.absent_more',
        '{{names}} and {{more}} more: selected, but not among these robots. It may be retired, or the id is wrong.',
        said
      )
    : t('map.absent', '{{names}}: selected, but not among these robots. It may be retired, or the id is wrong.', said);
}

export type MapModel = ReturnType<typeof useMapModel>;
