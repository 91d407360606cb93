import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2, IconName } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Dropdown, Menu, Select, ToolbarButton, useStyles2 } from '@grafana/ui';
import type { Floor } from '../fleet/placement';
import { showText } from '../../grafana/showText';
import { countStatus } from '../fleet/describe';
import { FindBox } from './FindBox';
import { ZOOM_STEP } from '../interaction/mapKeyboard';
import type { Tool } from '../interaction/mapState';

interface ToolbarProps {
  /** Keeps all but the floor and the search in a menu, where a row of buttons would cover the map. */
  isNarrow: boolean;
  /** Keeps the floors in the menu too, where a list of them would be cut off. */
  isTight: boolean;
  /** Keeps the search in the menu too, where there is room for one button. */
  isTiny: boolean;
  floors: Floor[];
  mapId: string | null;
  onFloor: (mapId: string) => void;
  tool: Tool;
  onTool: (tool: Tool) => void;
  onZoom: (factor: number) => void;
  onFit: () => void;
  canPlayback: boolean;
  isPlayback: boolean;
  onPlayback: (isPlayback: boolean) => void;
  isFinding: boolean;
  onFinding: (isFinding: boolean) => void;
  /** Goes to the robot that the text means; false when there is none. */
  onFind: (typed: string) => boolean;
  /** Lists the keys. */
  onKeys: () => void;
}

interface Command {
  icon: IconName;
  label: string;
  /** Key, and what else there is to know. */
  hint: string;
  /** Whether it is on, of one that can be switched on. */
  isOn?: boolean;
  run: () => void;
}

/** Floors in a menu; more of them need a panel with room for their list. */
const MAX_FLOORS = 8;

/** Floor switch, find box, tools and zoom, at the upper right of the map. */
export function Toolbar(props: ToolbarProps) {
  const styles = useStyles2(getStyles);
  const { isNarrow, isTight, isTiny, isFinding, onFinding, onFind } = props;
  const find: Command = {
    icon: 'search',
    label: t('map.tool.find', 'Find a robot'),
    hint: '/',
    run: () => onFinding(true),
  };
  const commands = [...(isTiny ? [find] : []), ...(isTight ? floorCommands(props) : []), ...commandsOf(props)];
  return (
    <div className={styles.bar}>
      {props.floors.length > 1 && !isTight && !(isNarrow && isFinding) && <FloorSwitch {...props} />}
      {isFinding && (
        <FindBox width={isTiny ? 8 : isNarrow ? 16 : 22} onFind={onFind} onClose={() => onFinding(false)} />
      )}
      {!isTiny && (
        <ToolbarButton
          icon="search"
          variant="canvas"
          tooltip={t('map.tool.find_key', 'Find a robot (/)')}
          aria-label={t('map.tool.find', 'Find a robot')}
          onClick={() => onFinding(!isFinding)}
        />
      )}
      {isNarrow ? (
        <Dropdown placement="bottom-end" overlay={<CommandMenu commands={commands} />}>
          <ToolbarButton
            icon="ellipsis-v"
            variant={commandsOf(props).some(({ isOn }) => isOn) ? 'active' : 'canvas'}
            aria-label={t('map.tool.all', 'Map tools')}
          />
        </Dropdown>
      ) : (
        commands.map(({ icon, label, hint, isOn, run }) => (
          <ToolbarButton
            key={label}
            icon={icon}
            variant={isOn ? 'active' : 'canvas'}
            tooltip={hintOf(label, hint)}
            aria-label={label}
            aria-pressed={isOn}
            onClick={run}
          />
        ))
      )}
    </div>
  );
}

function floorCommands({ floors, mapId, onFloor }: ToolbarProps): Command[] {
  if (floors.length < 2) return [];
  return floors.slice(0, MAX_FLOORS).map((floor) => ({
    icon: 'layer-group',
    label: labelOf(floor),
    hint: t('map.tool.floor_hint', 'floor'),
    isOn: floor.mapId === mapId,
    run: () => onFloor(floor.mapId),
  }));
}

/** 'hall (25), 2 error': what is worst on a floor is known before it is chosen. */
function labelOf({ mapId, robots, worst }: Floor): string {
  const trouble = worst ? `, ${countStatus(worst.robots, worst.status)}` : '';
  return `${showText(mapId)} (${robots})${trouble}`;
}

function commandsOf(props: ToolbarProps): Command[] {
  const { tool, onTool, onZoom, onFit, canPlayback, isPlayback, onPlayback, onKeys } = props;
  const playback: Command = {
    icon: 'history',
    label: t('map.tool.playback', 'Playback'),
    hint: t('map.tool.playback_hint', 'the past'),
    isOn: isPlayback,
    run: () => onPlayback(!isPlayback),
  };
  return [
    ...(canPlayback ? [playback] : []),
    {
      icon: 'square-shape',
      label: t('map.tool.lasso', 'Select by lasso'),
      hint: t('map.tool.lasso_hint', 'L, or a box with Shift'),
      isOn: tool === 'lasso',
      run: () => onTool('lasso'),
    },
    {
      icon: 'ruler-combined',
      label: t('map.tool.measure', 'Measure'),
      hint: 'M',
      isOn: tool === 'measure',
      run: () => onTool('measure'),
    },
    { icon: 'plus', label: t('map.tool.zoom_in', 'Zoom in'), hint: '+', run: () => onZoom(ZOOM_STEP) },
    { icon: 'minus', label: t('map.tool.zoom_out', 'Zoom out'), hint: '-', run: () => onZoom(1 / ZOOM_STEP) },
    { icon: 'expand-arrows-alt', label: t('map.tool.fit', 'Show everything'), hint: '0', run: onFit },
    { icon: 'keyboard', label: t('map.tool.keys', 'Keyboard shortcuts'), hint: '?', run: onKeys },
  ];
}

function hintOf(label: string, hint: string): string {
  return `${label} (${hint})`;
}

function CommandMenu({ commands }: { commands: Command[] }) {
  return (
    <Menu>
      {commands.map(({ icon, label, isOn, run }) => (
        <Menu.Item key={label} icon={icon} label={label} active={isOn ?? false} onClick={run} />
      ))}
    </Menu>
  );
}

function FloorSwitch({ floors, mapId, onFloor, isNarrow }: ToolbarProps) {
  const options = floors.map((floor) => ({ value: floor.mapId, label: labelOf(floor) }));
  return (
    <Select
      width={isNarrow ? 20 : 30}
      aria-label={t('map.fact.floor', 'Floor')}
      options={options}
      virtualized={options.length > 100}
      value={mapId}
      onChange={({ value }) => value !== undefined && onFloor(value)}
    />
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    display: 'flex',
    // The find box beside the floors takes more than half of a page.
    flexWrap: 'wrap',
    maxWidth: '100%',
    justifyContent: 'flex-end',
    pointerEvents: 'auto',
    gap: theme.spacing(0.5),
    // Robots must not shine through.
    button: { background: theme.colors.background.primary },
  }),
});
