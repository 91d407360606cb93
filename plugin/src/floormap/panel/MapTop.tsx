import React, { useCallback, useSyncExternalStore } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { UNESCAPED } from '../../grafana/showText';
import type { MapEngine } from '../engine/mapEngine';
import { LayerMenu } from '../heatmap/LayerMenu';
import { findRobot } from '../interaction/going';
import type { MapControl } from '../interaction/useMapControl';
import { useOutOfSight } from '../interaction/useOutOfSight';
import { FloorSign } from '../rotation/FloorSign';
import type { FloorRotation } from '../rotation/useFloorRotation';
import { FollowSign } from '../ui/FollowSign';
import { Messages } from '../ui/Messages';
import { OutOfSightSign } from '../ui/OutOfSightSign';
import { PlaybackSign } from '../ui/PlaybackSign';
import { ShortcutList } from '../ui/ShortcutList';
import { Toolbar } from '../ui/Toolbar';
import type { MapModel } from './useMapModel';

/** Narrower, a row of buttons and names would cover the map. */
export const NARROW_PX = 520;
/** Narrower, the list of floors would be cut off. */
const TIGHT_PX = 220;
/** Narrower, there is room for one button. */
const TINY_PX = 140;

const longSelection = () =>
  t(
    'map.selection.long',
    'The selection is too large for a link: it stays on this map, and other panels show all robots. Select fewer robots to filter them.'
  );

interface MapTopProps {
  model: MapModel;
  control: MapControl;
  engine: MapEngine | null;
  /** Of the map. */
  size: { width: number; height: number };
  timeZone: string;
  rotation: FloorRotation | null;
}

/** Over the upper edge of the map: tools, layers, and what there is to know. */
export function MapTop({ model, control, engine, size, timeZone, rotation }: MapTopProps) {
  const styles = useStyles2(getStyles);
  const { fleet, placement, mapId, offPlan, playback, variable } = model;
  const { state, dispatch } = control;
  const isOutOfSight = useOutOfSight(engine);
  const failure = usePaintFailure(engine);
  const find = (typed: string): boolean => {
    const robot = findRobot(fleet, typed);
    if (robot >= 0) dispatch({ kind: 'find', robot });
    return robot >= 0;
  };
  const cut = state.isSelectionCut ? variable.cutProblem : '';
  const long = state.isSelectionLong ? longSelection() : '';
  return (
    <div className={styles.top}>
      <Toolbar
        isNarrow={size.width < NARROW_PX}
        isTight={size.width < TIGHT_PX}
        isTiny={size.width < TINY_PX}
        floors={model.floors}
        mapId={mapId}
        onFloor={(floor) => dispatch({ kind: 'changeFloor', mapId: floor })}
        tool={state.tool}
        onTool={(tool) => dispatch({ kind: 'changeTool', tool })}
        onZoom={(factor) => dispatch({ kind: 'zoom', factor })}
        onFit={() => dispatch({ kind: 'fit' })}
        canPlayback={model.canPlayback}
        isPlayback={playback.isOpen}
        onPlayback={playback.open}
        isFinding={state.isFinding}
        onFinding={(isOpen) => dispatch({ kind: 'openFind', isOpen })}
        onFind={find}
        onKeys={() => dispatch({ kind: 'listKeys', isOpen: true })}
      />
      {state.isListingKeys && <ShortcutList onClose={() => dispatch({ kind: 'listKeys', isOpen: false })} />}
      {size.width >= TINY_PX && <LayerMenu layers={model.layers} />}
      <Messages
        messages={[failure, ...model.problems, cut, long].filter(Boolean)}
        maxHeightPx={Math.max(24, size.height - 84)}
      >
        {rotation && mapId !== null && (
          <FloorSign
            rotation={rotation}
            mapId={mapId}
            everySeconds={model.options.rotateFloorsSeconds}
            heightPx={size.height}
          />
        )}
        {playback.isOpen && !playback.isLoading && playback.fleet && (
          <PlaybackSign
            timeMs={playback.timeMs}
            leftMs={playback.leftMs}
            timeZone={timeZone}
            onLive={() => playback.open(false)}
          />
        )}
        {isOutOfSight && (
          // Where all of them stand beside the plan, a view of the plan alone would not help.
          <OutOfSightSign
            onShow={() =>
              dispatch(
                offPlan.robots === placement.placed ? { kind: 'showBounds', bounds: offPlan.bounds } : { kind: 'fit' }
              )
            }
          />
        )}
        {state.followedId !== null && (
          <FollowSign
            robotId={state.followedId}
            fleet={fleet}
            placement={placement}
            mapId={mapId}
            onStop={() => dispatch({ kind: 'follow', robot: null })}
          />
        )}
      </Messages>
    </div>
  );
}

/** What the map could not paint and what to do about it; '' while it paints all. */
function usePaintFailure(engine: MapEngine | null): string {
  const listen = useCallback((onChange: () => void) => engine?.watchFrames(onChange) ?? (() => undefined), [engine]);
  const failure = useSyncExternalStore(listen, () => engine?.failure ?? '');
  if (failure === '') return '';
  return t(
    'map.paint.remedy',
    '{{failure}}. The counts are up to date. It is tried again every second; if this message stays, reload the page.',
    { failure: failure.replace(/[.!?]$/, ''), ...UNESCAPED }
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
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
});
