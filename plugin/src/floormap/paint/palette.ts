import type { GrafanaTheme2 } from '@grafana/data';
import { STATUSES, type Status } from '../fleet/status';

/** The colours that the painter needs, resolved from Grafana's theme so that both themes stay readable. */
export interface Palette {
  isDark: boolean;
  /** Fill of each status' marker, by index into STATUSES. */
  statusFill: string[];
  /** Outline that parts a marker from the plan and from its neighbours. */
  outline: string;
  /** Sign inside a marker. */
  sign: string;
  text: string;
  textHalo: string;
  selection: string;
  warning: string;
  /** Plan colours from free floor to wall, as [red, green, blue] 0–255. */
  floor: Rgb;
  wall: Rgb;
}

export type Rgb = readonly [number, number, number];

/** Hue for those who see it; each status has a shape of its own as well (`shapes.ts`). */
const STATUS_COLOURS: Record<Status, { dark: string; light: string }> = {
  working: { dark: 'green', light: 'semi-dark-green' },
  idle: { dark: 'blue', light: 'semi-dark-blue' },
  charging: { dark: 'yellow', light: 'dark-yellow' },
  blocked: { dark: 'orange', light: 'semi-dark-orange' },
  error: { dark: 'red', light: 'semi-dark-red' },
  manual: { dark: 'light-purple', light: 'semi-dark-purple' },
  maintenance: { dark: 'purple', light: 'dark-purple' },
  offline: { dark: '#8e8e99', light: '#75757f' },
  silent: { dark: '#c7c7d1', light: '#50505a' },
  unknown: { dark: '#9fa7b3', light: '#6e7681' },
};

const PLAN_COLOURS: Record<'dark' | 'light', { floor: Rgb; wall: Rgb }> = {
  dark: { floor: [30, 34, 41], wall: [104, 116, 135] },
  light: { floor: [255, 255, 255], wall: [122, 132, 148] },
};

export function paletteOf(theme: GrafanaTheme2): Palette {
  const mode = theme.isDark ? 'dark' : 'light';
  return {
    isDark: theme.isDark,
    statusFill: STATUSES.map((status) => theme.visualization.getColorByName(STATUS_COLOURS[status][mode])),
    outline: theme.isDark ? 'rgba(12, 14, 18, 0.9)' : 'rgba(255, 255, 255, 0.95)',
    sign: theme.isDark ? '#111217' : '#ffffff',
    text: theme.colors.text.primary,
    textHalo: theme.colors.background.primary,
    selection: theme.colors.primary.text,
    warning: theme.colors.warning.text,
    ...PLAN_COLOURS[mode],
  };
}
