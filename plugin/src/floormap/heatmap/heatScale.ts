import {
  colorManipulator,
  fieldColorModeRegistry,
  FieldColorModeId,
  FieldType,
  type Field,
  type GrafanaTheme2,
} from '@grafana/data';
import type { Rgb } from '../paint/palette';

/** Steps of a scale; more cannot be told apart. */
const STEPS = 64;
/** Share of the cells within the ends of a scale that follows them: a charger must not make all else look empty. */
const WITHIN = 0.98;

export interface HeatScale {
  min: number;
  max: number;
  /** Colours from min to max, each with its own opacity 0–255. */
  colours: ReadonlyArray<readonly [...Rgb, number]>;
  /** There are cells beyond the ends of the scale: they have its last colour. */
  isOver: boolean;
  isUnder: boolean;
}

/** Ends of a scale from the options, or from the cells: 0 to what 98 % of them stay within. */
export function scaleEnds(
  values: Float64Array,
  fixed: { min: number | null; max: number | null },
  isComparison: boolean
): { min: number; max: number } {
  const sorted = Float64Array.from(isComparison ? values.map(Math.abs) : values).sort();
  const high = sorted[Math.ceil((sorted.length - 1) * WITHIN)] ?? 1;
  if (isComparison) {
    const far = Math.max(Math.abs(fixed.min ?? 0), Math.abs(fixed.max ?? 0)) || high || 1;
    return { min: -far, max: far };
  }
  const low = sorted[Math.floor((sorted.length - 1) * (1 - WITHIN))] ?? 0;
  const min = fixed.min ?? (fixed.max === null || fixed.max > 0 ? Math.min(0, low) : low);
  const max = fixed.max ?? high;
  return max > min ? { min, max } : { min, max: min + (Math.abs(min) || 1) };
}

export function createScale(
  values: Float64Array,
  options: { min: number | null; max: number | null; scheme: string; isComparison: boolean },
  theme: GrafanaTheme2
): HeatScale {
  const { min, max } = scaleEnds(values, options, options.isComparison);
  return {
    min,
    max,
    colours: options.isComparison ? divergingColours(theme) : schemeColours(options.scheme, theme),
    isOver: values.some((value) => value > max),
    isUnder: values.some((value) => value < min),
  };
}

/** The step of the scale that a value has. */
export function stepOf({ min, max, colours }: HeatScale, value: number): number {
  const share = Math.min(1, Math.max(0, (value - min) / (max - min)));
  return Math.round(share * (colours.length - 1));
}

function schemeColours(scheme: string, theme: GrafanaTheme2): HeatScale['colours'] {
  const id = fieldColorModeRegistry.getIfExists(scheme)?.isContinuous ? scheme : FieldColorModeId.ContinuousYlRd;
  const field: Field = { name: '', type: FieldType.number, config: {}, values: [] };
  const colourAt = fieldColorModeRegistry.get(id).getCalculator(field, theme);
  return Array.from({ length: STEPS }, (_, k) => {
    const share = k / (STEPS - 1);
    return [...rgbOf(colourAt(share, share)), 255] as const;
  });
}

/** Blue below zero, orange above it (told apart without red and green), and nothing where A equals B. */
function divergingColours(theme: GrafanaTheme2): HeatScale['colours'] {
  const shade = theme.isDark ? '' : 'dark-';
  const less = rgbOf(theme.visualization.getColorByName(`${shade}blue`));
  const more = rgbOf(theme.visualization.getColorByName(`${shade}orange`));
  return Array.from({ length: STEPS + 1 }, (_, k) => {
    const share = (2 * k) / STEPS - 1;
    return [...(share < 0 ? less : more), Math.round(255 * Math.abs(share))] as const;
  });
}

function rgbOf(colour: string): Rgb {
  const [red = 0, green = 0, blue = 0] = colorManipulator.decomposeColor(colour).values as number[];
  return [red, green, blue];
}

/** Grafana's continuous schemes, for the options. */
export function listSchemes(): Array<{ value: string; label: string }> {
  return fieldColorModeRegistry
    .list()
    .filter(({ isContinuous }) => isContinuous)
    .map(({ id, name }) => ({ value: id, label: name }));
}
