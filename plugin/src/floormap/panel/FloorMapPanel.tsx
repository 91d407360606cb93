import React, { useRef, useState } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2, PanelProps } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { summariseFleet } from '../fleet/describe';
import { robotLinks } from '../fleet/robotLinks';
import type { ScreenPoint } from '../geometry/viewport';
import { nameOfZone } from '../geometry/zoneAt';
import { LayerLegends } from '../heatmap/LayerLegends';
import { LayerMenu } from '../heatmap/LayerMenu';
import { annotationsAt } from '../annotations/annotationsAt';
import type { FloorMapOptions } from '../options/options';
import { Counts } from '../ui/Counts';
import { FollowSign } from '../ui/FollowSign';
import { KEYBOARD_HELP } from '../interaction/mapKeyboard';
import { MapFooter } from './MapFooter';
import { MapMenu } from '../ui/MapMenu';
import { Messages } from '../ui/Messages';
import { NOWHERE } from '../interaction/mapPointer';
import { MapTooltips } from './MapTooltips';
import { OutOfSightSign } from '../ui/OutOfSightSign';
import { Toolbar } from '../ui/Toolbar';
import { useEngineInput } from './useEngineInput';
import { useHeight } from './useHeight';
import { useMapActions } from '../interaction/useMapActions';
import { useMapMenu } from './useMapMenu';
import { useMapEngine } from '../interaction/useMapEngine';
import { useMapPointer } from '../interaction/useMapPointer';
import { useOutOfSight } from '../interaction/useOutOfSight';
import { viewKey } from '../interaction/viewMemory';
import { useMapModel } from './useMapModel';

/** Narrower, a row of buttons and names would cover the map. */
const NARROW_PX = 520;
/** Narrower, the list of floors would be cut off. */
const TIGHT_PX = 220;
/** Narrower, there is room for one button. */
const TINY_PX = 140;
export function FloorMapPanel(props: PanelProps<FloorMapOptions>) {
  const styles = useStyles2(getStyles);
  const model = useMapModel(props);
  const { options, palette, fleet, placement, selection, isShown, mapId } = model;
  const [hoveredId, setHoveredId] = useState<string | null>(null);
  const [pointerAt, setPointerAt] = useState<ScreenPoint>(NOWHERE);

  const [footerHeight, measureFooter] = useHeight();
  const height = Math.max(1, props.height - footerHeight);
  const isNarrow = props.width < NARROW_PX;
  const host = useRef<HTMLDivElement>(null);
  const { engine, fit, holdView } = useMapEngine(
    host,
    { width: props.width, height },
    model.content,
    viewKey(props.id, mapId),
    palette
  );
  const actions = useMapActions({
    panelId: props.id,
    engine,
    fleet,
    placement,
    isShown,
    shapes: model.shapes,
    annotations: model.annotations,
    timeZone: props.timeZone,
    mapId,
    showFloor: options.mapId ? null : model.showFloor,
    hidden: model.hidden,
    setHidden: model.setHidden,
    selection,
    fit,
    holdView,
    takeKeys: () => host.current?.focus(),
  });
  const menus = useMapMenu(host, engine, actions);
  const { menu } = menus;
  const isOutOfSight = useOutOfSight(engine);
  const hovered = hoveredId === null ? -1 : fleet.robotIds.indexOf(hoveredId);
  const marked = hovered >= 0 ? hovered : actions.focus;
  const pinned = engine ? annotationsAt(engine.view, model.annotations, engine.painted, pointerAt) : [];
  const focusedAnnotation = hovered < 0 && pinned.length === 0 ? actions.annotation : null;
  useEngineInput(engine, model, { marked, annotation: actions.annotation, sketch: actions.sketch });
  useMapPointer(host, engine, {
    onHover: (robot, at) => {
      setHoveredId(fleet.robotIds[robot] ?? null);
      setPointerAt(at);
    },
    onPick: actions.click,
    onArea: actions.drawArea,
    onMenu: (robot, point, { clientX: x, clientY: y }) => menus.open(robot, point, { x, y }),
    onMenuKey: menus.openAtFocus,
    onMoved: () => {
      actions.follow(null);
      holdView();
    },
    tool: () => actions.tool,
    wheelZooms: () => options.wheelZoom,
  });

  return (
    <div style={{ width: props.width, height: props.height }}>
      <div className={styles.map} style={{ height }}>
        <div
          ref={host}
          className={styles.surface}
          style={{ cursor: actions.tool === 'move' ? 'grab' : 'crosshair' }}
          data-testid="floormap-canvas"
          role="application"
          tabIndex={0}
          aria-label={summariseFleet(fleet, placement)}
          aria-description={KEYBOARD_HELP}
          onKeyDown={actions.onKeyDown}
        />
        <div className={styles.top}>
          <Toolbar
            isNarrow={isNarrow}
            isTight={props.width < TIGHT_PX}
            isTiny={props.width < TINY_PX}
            floors={model.floors}
            mapId={mapId}
            onFloor={actions.changeFloor}
            tool={actions.tool}
            onTool={actions.changeTool}
            onZoom={actions.zoom}
            onFit={actions.fit}
            isPlayback={model.playback.isOpen}
            onPlayback={model.playback.open}
            isFinding={actions.isFinding}
            onFinding={actions.openFind}
            onFind={actions.find}
          />
          {props.width >= TINY_PX && <LayerMenu layers={model.layers} />}
          <Messages messages={model.problems} maxHeightPx={Math.max(24, height - 84)}>
            {isOutOfSight && (
              // Where all of them stand beside the plan, a view of the plan alone would not help.
              <OutOfSightSign
                onShow={() =>
                  model.offPlan.robots === placement.placed ? actions.show(model.offPlan.bounds) : actions.fit()
                }
              />
            )}
            {actions.followedId !== null && (
              <FollowSign
                robotId={actions.followedId}
                fleet={fleet}
                placement={placement}
                mapId={mapId}
                onStop={() => actions.follow(null)}
              />
            )}
          </Messages>
        </div>
        <Counts
          fleet={fleet}
          placement={placement}
          offPlan={model.offPlan.robots}
          onShowOffPlan={() => actions.show(model.offPlan.bounds)}
          filteredOut={placement.placed - isShown.reduce((sum, one) => sum + one, 0)}
          staleAfterSeconds={options.silentAfterSeconds}
          widthPx={props.width}
          timeZone={props.timeZone}
          onFocus={actions.goTo}
        />
        <LayerLegends
          layers={model.layers}
          isFoldedAtFirst={isNarrow}
          timeRange={props.data.timeRange}
          timeZone={props.timeZone}
        />
        <div className={styles.spoken} aria-live="polite" data-testid="floormap-announcement">
          {actions.spoken}
        </div>
      </div>
      <div ref={measureFooter}>
        <MapFooter model={model} size={props} timeZone={props.timeZone} isNarrow={isNarrow} />
      </div>
      {engine && menu === null && (
        <MapTooltips
          model={model}
          engine={engine}
          host={host}
          pointerAt={pointerAt}
          hovered={hovered}
          marked={marked}
          pinned={pinned}
          focusedAnnotation={focusedAnnotation}
          timeZone={props.timeZone}
        />
      )}
      {menu && (
        <MapMenu
          at={menu.at}
          point={menu.point}
          robotId={fleet.robotIds[menu.robot]}
          links={robotLinks(model.frame, fleet, menu.robot)}
          isFollowed={actions.followedId !== null && actions.followedId === fleet.robotIds[menu.robot]}
          zone={menu.zone && { name: nameOfZone(menu.zone.zone), robots: menu.zone.robots }}
          onSelect={() => actions.pick(menu.robot, false)}
          onSelectZone={() => menu.zone && actions.selectZone(menu.zone.zone)}
          onFollow={() => actions.follow(actions.followedId === fleet.robotIds[menu.robot] ? null : menu.robot)}
          onMeasure={() => actions.measureFrom(menu.point)}
          onClose={menus.close}
        />
      )}
    </div>
  );
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
    outline: 'none',
    // The sheets would cover the surface's own outline.
    '&:focus-visible::after': {
      content: '""',
      position: 'absolute',
      inset: 0,
      border: `2px solid ${theme.colors.primary.border}`,
      borderRadius: theme.shape.radius.default,
      pointerEvents: 'none',
    },
  }),
  // The messages stand at the left of the buttons, or below them where the panel is narrow.
  top: css({
    position: 'absolute',
    inset: theme.spacing(1, 1, 'auto', 1),
    display: 'flex',
    flexDirection: 'row-reverse',
    flexWrap: 'wrap',
    alignItems: 'flex-start',
    gap: theme.spacing(0.5),
    pointerEvents: 'none',
    // What is wrong is read before the legends of layers, which reach up to here in a low panel.
    zIndex: 1,
  }),
  spoken: css({ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' }),
});
