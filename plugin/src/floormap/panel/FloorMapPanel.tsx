import React, { useEffect, useRef, useState } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2, PanelProps } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { summariseFleet } from '../fleet/describe';
import { LayerLegends } from '../heatmap/LayerLegends';
import { keyboardHelp } from '../interaction/mapKeyboard';
import type { FloorMapOptions } from '../options/options';
import { Counts } from '../ui/Counts';
import { MapContextMenu } from './MapContextMenu';
import { MapFooter } from './MapFooter';
import { MapHover } from './MapHover';
import { useFloorRotation } from '../rotation/useFloorRotation';
import { MapTop, NARROW_PX } from './MapTop';
import { useMap } from './useMap';
import { useMapModel } from './useMapModel';

/** The floor map. What follows the pointer is rendered by `MapHover` alone: this is rendered for data and decisions. */
export function FloorMapPanel(props: PanelProps<FloorMapOptions>) {
  const styles = useStyles2(getStyles);
  const { width, timeZone } = props;
  const model = useMapModel(props);
  const { fleet, placement } = model;
  const [footerHeight, measureFooter] = useHeight();
  const height = Math.max(1, props.height - footerHeight);
  const host = useRef<HTMLDivElement>(null);
  const { engine, control, hover, menus, focusedAnnotation } = useMap(props, model, host, height);
  const { state, dispatch } = control;
  const rotation = useFloorRotation(host, {
    everySeconds: model.options.rotateFloorsSeconds,
    ...{ floors: model.floors, mapId: model.mapId, showFloor: model.showFloor },
    isHeld: model.playback.isOpen || state.followedId !== null,
  });
  const isNarrow = width < NARROW_PX;
  return (
    <div style={{ width, height: props.height }}>
      <div className={styles.map} style={{ height }}>
        <div
          ref={host}
          className={styles.surface}
          style={{ cursor: state.tool === 'move' ? 'grab' : 'crosshair' }}
          data-testid="floormap-canvas"
          role="application"
          tabIndex={0}
          aria-label={summariseFleet(fleet, placement)}
          aria-description={keyboardHelp()}
          onKeyDown={control.onKeyDown}
        />
        <MapTop
          model={model}
          control={control}
          engine={engine}
          size={{ width, height }}
          timeZone={timeZone}
          rotation={rotation}
        />
        <Counts
          fleet={fleet}
          placement={placement}
          offPlan={model.offPlan.robots}
          hasPlan={model.plan !== null}
          onShowOffPlan={() => dispatch({ kind: 'showBounds', bounds: model.offPlan.bounds })}
          filteredOut={placement.placed - model.isShown.reduce((sum, one) => sum + one, 0)}
          staleAfterSeconds={model.options.silentAfterSeconds}
          widthPx={width}
          timeZone={timeZone}
          onFocus={(robot) => dispatch({ kind: 'goTo', robot })}
        />
        <LayerLegends
          layers={model.layers}
          isFoldedAtFirst={isNarrow}
          timeRange={props.data.timeRange}
          timeZone={timeZone}
        />
        <div className={styles.spoken} aria-live="polite" data-testid="floormap-announcement">
          {state.spoken}
        </div>
      </div>
      <div ref={measureFooter}>
        <MapFooter model={model} size={props} timeZone={timeZone} isNarrow={isNarrow} />
      </div>
      {engine && (
        <MapHover
          model={model}
          engine={engine}
          control={control}
          hover={hover}
          host={host}
          focusedAnnotation={focusedAnnotation}
          isMenuOpen={menus.menu !== null}
          timeZone={timeZone}
        />
      )}
      {menus.menu && <MapContextMenu model={model} control={control} menu={menus.menu} onClose={menus.close} />}
    </div>
  );
}

/** Height in CSS pixels of the element that takes the returned ref; 0 while there is none. */
function useHeight(): [number, (element: HTMLElement | null) => void] {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [heightPx, setHeightPx] = useState(0);
  useEffect(() => {
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => setHeightPx(entry?.borderBoxSize[0]?.blockSize ?? 0));
    observer.observe(element);
    return () => {
      observer.disconnect();
      setHeightPx(0);
    };
  }, [element]);
  return [heightPx, setElement];
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
    // The canvases would cover the surface's own outline.
    '&:focus-visible::after': {
      content: '""',
      position: 'absolute',
      inset: 0,
      border: `2px solid ${theme.colors.primary.border}`,
      borderRadius: theme.shape.radius.default,
      pointerEvents: 'none',
    },
  }),
  spoken: css({ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' }),
});
