import { MappingType, ThresholdsMode, type ThresholdsConfig, type ValueMapping } from '@grafana/data';

const COLOURS: Record<string, string> = {
  error: 'red',
  blocked: 'orange',
  silent: '#8a8f98',
  offline: '#b4b9c0',
  working: 'green',
  charging: 'yellow',
  idle: 'blue',
  manual: 'purple',
  maintenance: 'light-purple',
  unknown: '#b4b9c0',
};

/** The colour of each status beside its word, worst first. */
export const STATUS_MAPPINGS: ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: Object.fromEntries(Object.entries(COLOURS).map(([status, color], index) => [status, { color, index }])),
  },
];

export const STATUS_WORDS = Object.keys(COLOURS);

/** The name of a status's colour in Grafana's theme. */
export function colourOfStatus(status: string): string {
  return new Map(Object.entries(COLOURS)).get(status) ?? 'text';
}

/** Of a battery in percent. */
export const BATTERY_THRESHOLDS: ThresholdsConfig = {
  mode: ThresholdsMode.Absolute,
  steps: [
    { value: -Infinity, color: 'red' },
    { value: 10, color: 'orange' },
    { value: 20, color: 'text' },
  ],
};
