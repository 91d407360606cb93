import React, { useEffect, useMemo, useRef, useState } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2, PanelProps } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { contentBounds } from './fleet/contentBounds';
import { countStatuses, describeStatus, summariseFleet } from './fleet/describe';
import { statusAt, type Status } from './fleet/status';
import { useFleet } from './fleet/useFleet';
import { useFloor } from './fleet/useFloor';
import { useSelection } from './fleet/useSelection';
import { toScreen, zoomAt } from './geometry/viewport';
import { DEFAULT_OPTIONS, type FloorMapOptions } from './options';
import { paletteOf } from './paint/palette';
import { usePlan } from './plan/usePlan';
import { Counts } from './ui/Counts';
import { findRobot } from './ui/findRobot';
import { Legend } from './ui/Legend';
import { handleKey, KEYBOARD_HELP } from './ui/mapKeyboard';
import { RobotTooltip } from './ui/RobotTooltip';
import { Toolbar } from './ui/Toolbar';
import { useHeight } from './ui/useHeight';
import { useMapEngine } from './ui/useMapEngine';
import { useMapPointer } from './ui/useMapPointer';

const NOBODY = -1;

export function FloorMapPanel(props: PanelProps<FloorMapOptions>) {
  const options = useMemo(() => ({ ...DEFAULT_OPTIONS, ...props.options }), [props.options]);
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const palette = useMemo(() => paletteOf(theme), [theme]);
  const { fleet, problem } = useFleet(props.data, options);
  const { floors, mapId, placement, showFloor } = useFloor(fleet, options.mapId);
  const { plan, problem: planProblem } = usePlan(options, mapId, props.data.request, palette);
  const { selectionVariable } = options;
  const selection = useSelection(
    selectionVariable,
    selectionVariable ? props.replaceVariables(`\${${selectionVariable}:queryparam}`) : ''
  );
  const [hidden, setHidden] = useState<ReadonlySet<Status>>(new Set());
  const [focus, setFocus] = useState(NOBODY);
  const [hovered, setHovered] = useState<{ robot: number; x: number; y: number } | null>(null);
  const [isFinding, setFinding] = useState(false);
  const [spoken, setSpoken] = useState('');

  const [legendHeight, measureLegend] = useHeight();
  const height = Math.max(1, props.height - legendHeight);
  const host = useRef<HTMLDivElement>(null);
  const content = useMemo(
    () => contentBounds(plan?.geometry ?? null, fleet, placement.isPlaced),
    [plan, fleet, placement]
  );
  const memoryKey = `${window.location.pathname} ${props.id} ${mapId ?? ''}`;
  const { engine, fit, holdView } = useMapEngine(host, { width: props.width, height }, content, memoryKey, palette);

  const isShown = useMemo(
    () => placement.isPlaced.map((placed, i) => (hidden.has(statusAt(fleet.statuses[i] ?? 0)) ? 0 : placed)),
    [placement, fleet, hidden]
  );
  const shown = isShown.reduce((sum, one) => sum + one, 0);
  useEffect(() => engine?.setTrailLength(options.trailPoints), [engine, options.trailPoints]);
  useEffect(
    () => engine?.setFleet(fleet, isShown, options.silentAfterSeconds),
    [engine, fleet, isShown, options.silentAfterSeconds]
  );
  useEffect(() => engine?.setPlan(plan), [engine, plan]);
  const marked = hovered?.robot ?? focus;
  useEffect(() => engine?.setMarked(marked, selection.robotIds), [engine, marked, selection.robotIds]);

  const pick = (robot: number, adds: boolean) => {
    const robotId = fleet.robotIds[robot];
    if (robotId === undefined) return selection.select([]);
    const others = adds ? [...selection.robotIds].filter((id) => id !== robotId) : [];
    const isUnpicked = selection.robotIds.has(robotId) && (adds || selection.robotIds.size === 1);
    selection.select(isUnpicked ? others : [...others, robotId]);
    setSpoken(isUnpicked ? `${robotId} no longer selected` : `${robotId} selected, ${describeStatus(fleet, robot)}`);
  };
  /** Brings a robot to the middle and marks it, as hovering would. */
  const goTo = (robot: number) => {
    setFocus(robot);
    setSpoken(`${fleet.robotIds[robot]}, ${describeStatus(fleet, robot)}`);
    if (!engine || isShown[robot] !== 1) return;
    const { xMetres, yMetres } = engine.painted;
    const centre = { centreXMetres: xMetres[robot] ?? 0, centreYMetres: yMetres[robot] ?? 0 };
    engine.setView({ ...engine.view, ...centre, pxPerMetre: Math.max(engine.view.pxPerMetre, 25) });
    holdView();
  };
  const find = (typed: string) => {
    const robot = findRobot(fleet, typed);
    if (robot < 0) return false;
    goTo(robot);
    pick(robot, false);
    return true;
  };
  const zoom = (factor: number) => {
    if (!engine) return;
    engine.setView(zoomAt(engine.view, factor, { xPx: props.width / 2, yPx: height / 2 }));
    holdView();
  };
  const stepFocus = (direction: 1 | -1) => {
    for (let k = 1; k <= fleet.count; k++) {
      const robot = (focus + direction * k + fleet.count * (k + 1)) % fleet.count;
      if (isShown[robot] === 1) return goTo(robot);
    }
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (!engine || event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const isMeant = handleKey(event.key, engine.view, {
      move: (view) => {
        engine.setView(view);
        holdView();
      },
      fit,
      step: stepFocus,
      pick: () => focus >= 0 && pick(focus, event.shiftKey),
      clear: () => {
        setFocus(NOBODY);
        selection.select([]);
      },
      find: () => setFinding(true),
    });
    if (isMeant) event.preventDefault();
  };
  useMapPointer(host, engine, { wheelZoom: options.wheelZoom, onHover: setHovered, onPick: pick, onMoved: holdView });

  return (
    <div style={{ width: props.width, height: props.height }}>
      <div className={styles.map} style={{ height }}>
        <div
          ref={host}
          className={styles.surface}
          data-testid="floormap-canvas"
          role="application"
          tabIndex={0}
          aria-label={summariseFleet(fleet, placement)}
          aria-description={KEYBOARD_HELP}
          onKeyDown={onKeyDown}
        />
        <Toolbar
          floors={options.mapId ? [] : floors}
          mapId={mapId}
          onFloor={showFloor}
          onZoom={zoom}
          onFit={fit}
          isFinding={isFinding}
          onFinding={setFinding}
          onFind={find}
        />
        <div className={styles.messages} role="status">
          {[problem, fleet.count === 0 && problem === '' ? 'No robot has reported yet.' : '', planProblem]
            .filter(Boolean)
            .map((message) => (
              <div key={message} className={styles.message}>
                {message}
              </div>
            ))}
        </div>
        <Counts fleet={fleet} placement={placement} filteredOut={placement.placed - shown} onFocus={goTo} />
        <div className={styles.spoken} aria-live="polite" data-testid="floormap-announcement">
          {spoken}
        </div>
      </div>
      {options.showLegend && (
        <div ref={measureLegend}>
          <Legend counts={countStatuses(fleet)} hidden={hidden} palette={palette} onChange={setHidden} />
        </div>
      )}
      {marked >= 0 && marked < fleet.count && (
        <RobotTooltip fleet={fleet} robot={marked} palette={palette} at={hovered ?? pageSpot(marked)} />
      )}
    </div>
  );

  /** Where a robot is on the page, for the tooltip of a robot reached by keyboard. */
  function pageSpot(robot: number) {
    const box = host.current?.getBoundingClientRect();
    if (!engine || !box) return { x: 0, y: 0 };
    const { xMetres, yMetres } = engine.painted;
    const at = toScreen(engine.view, { xMetres: xMetres[robot] ?? NaN, yMetres: yMetres[robot] ?? NaN });
    return Number.isNaN(at.xPx) ? { x: box.left, y: box.top } : { x: box.left + at.xPx, y: box.top + at.yPx };
  }
}

const getStyles = (theme: GrafanaTheme2) => ({
  map: css({
    position: 'relative',
    overflow: 'hidden',
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.canvas,
  }),
  surface: css({
    position: 'absolute',
    inset: 0,
    overflow: 'hidden',
    touchAction: 'none',
    cursor: 'grab',
    '&:active': { cursor: 'grabbing' },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
  }),
  messages: css({
    position: 'absolute',
    top: theme.spacing(1),
    left: theme.spacing(1),
    maxWidth: '60%',
    pointerEvents: 'none',
  }),
  message: css({
    marginBottom: theme.spacing(0.5),
    padding: theme.spacing(0.5, 1),
    border: `1px solid ${theme.colors.warning.border}`,
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.primary,
    color: theme.colors.text.primary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  spoken: css({ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' }),
});
