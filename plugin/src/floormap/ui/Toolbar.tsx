import React, { useRef, useEffect, useState } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Input, Select, ToolbarButton, useStyles2 } from '@grafana/ui';
import type { Floor } from '../fleet/placement';
import type { Tool } from './mapPointer';

interface ToolbarProps {
  floors: Floor[];
  mapId: string | null;
  onFloor: (mapId: string) => void;
  tool: Tool;
  onTool: (tool: Tool) => void;
  onZoom: (factor: number) => void;
  onFit: () => void;
  isReplay: boolean;
  onReplay: (isReplay: boolean) => void;
  isFinding: boolean;
  onFinding: (isFinding: boolean) => void;
  /** Goes to the robot that the text means; false when there is none. */
  onFind: (typed: string) => boolean;
}

/** Floor switch, find box and zoom, at the upper right of the map. */
export function Toolbar(props: ToolbarProps) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.bar}>
      {props.floors.length > 1 && <FloorSwitch {...props} />}
      {props.isFinding && <FindBox {...props} />}
      <ToolbarButton
        icon="search"
        variant="canvas"
        tooltip="Find a robot (/)"
        aria-label="Find a robot"
        onClick={() => props.onFinding(!props.isFinding)}
      />
      <ToolbarButton
        icon="history"
        variant={props.isReplay ? 'active' : 'canvas'}
        tooltip="Replay the past"
        aria-label="Replay"
        aria-pressed={props.isReplay}
        onClick={() => props.onReplay(!props.isReplay)}
      />
      <ToolbarButton
        icon="square-shape"
        variant={props.tool === 'lasso' ? 'active' : 'canvas'}
        tooltip="Select by lasso (L), or by box with Shift"
        aria-label="Select by lasso"
        aria-pressed={props.tool === 'lasso'}
        onClick={() => props.onTool('lasso')}
      />
      <ToolbarButton
        icon="ruler-combined"
        variant={props.tool === 'measure' ? 'active' : 'canvas'}
        tooltip="Measure (M)"
        aria-label="Measure"
        aria-pressed={props.tool === 'measure'}
        onClick={() => props.onTool('measure')}
      />
      <ToolbarButton
        icon="plus"
        variant="canvas"
        tooltip="Zoom in (+)"
        aria-label="Zoom in"
        onClick={() => props.onZoom(1.5)}
      />
      <ToolbarButton
        icon="minus"
        variant="canvas"
        tooltip="Zoom out (-)"
        aria-label="Zoom out"
        onClick={() => props.onZoom(1 / 1.5)}
      />
      <ToolbarButton
        icon="expand-arrows-alt"
        variant="canvas"
        tooltip="Show everything (0)"
        aria-label="Show everything"
        onClick={props.onFit}
      />
    </div>
  );
}

function FloorSwitch({ floors, mapId, onFloor }: ToolbarProps) {
  const options = floors.map((floor) => ({ value: floor.mapId, label: `${floor.mapId} (${floor.robots})` }));
  return (
    <Select
      width={24}
      aria-label="Floor"
      options={options}
      value={mapId}
      onChange={({ value }) => value !== undefined && onFloor(value)}
    />
  );
}

function FindBox({ onFind, onFinding }: ToolbarProps) {
  const input = useRef<HTMLInputElement>(null);
  const [isUnknown, setUnknown] = useState(false);
  useEffect(() => input.current?.focus(), []);
  return (
    <Input
      ref={input}
      width={22}
      placeholder="Robot id"
      aria-label="Robot id"
      data-testid="floormap-find"
      invalid={isUnknown}
      onChange={() => setUnknown(false)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape') onFinding(false);
        if (event.key === 'Enter') setUnknown(!onFind(event.currentTarget.value));
      }}
    />
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'flex-end',
    pointerEvents: 'auto',
    gap: theme.spacing(0.5),
    // Robots must not shine through.
    button: { background: theme.colors.background.primary },
  }),
});
