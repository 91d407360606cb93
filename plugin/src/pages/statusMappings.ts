import {
  MappingType,
  SpecialValueMatch,
  ThresholdsMode,
  type ThresholdsConfig,
  type ValueMapping,
} from '@grafana/data';
import { statusWord } from '../floormap/fleet/status';
import { USUAL_LOW_BATTERY_PERCENT } from '../queries/lowBattery';

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
  // Of robots that are not in the fleet: no marker of the map has it.
  retired: '#8c6d46',
};

/** The colour and the word of each status, worst first. */
export function statusMappings(): ValueMapping[] {
  return [statusMapping(COLOURS)];
}

/** The words of all statuses, and the colours of those that are given here. */
export function statusMapping(colours: Readonly<Record<string, string>>): ValueMapping {
  return {
    type: MappingType.ValueToText,
    options: withWords(
      Object.fromEntries(
        STATUS_WORDS.map((status, index) => {
          const color = colours[status];
          return [status, { text: statusWord(status), index, ...(color === undefined ? {} : { color }) }];
        })
      )
    ),
  };
}

/** Grafana's pills look for the colour of the word that they show, not of the value. */
export function withWords<Result extends { text: string }>(
  options: Readonly<Record<string, Result>>
): Record<string, Result> {
  return { ...Object.fromEntries(Object.values(options).map((result) => [result.text, result])), ...options };
}

export const STATUS_WORDS = Object.keys(COLOURS);

/** The name of a status's colour in Grafana's theme. */
export function colourOfStatus(status: string): string {
  return new Map(Object.entries(COLOURS)).get(status) ?? 'text';
}

/** A value that is missing is no trouble: without this, thresholds give it the colour of the lowest one. */
export const MISSING: ValueMapping = {
  type: MappingType.SpecialValue,
  options: { match: SpecialValueMatch.Null, result: { text: '–', color: 'text' } },
};

/** Of a battery in percent. */
export const BATTERY_THRESHOLDS: ThresholdsConfig = {
  mode: ThresholdsMode.Absolute,
  steps: batterySteps(USUAL_LOW_BATTERY_PERCENT),
};

/** @param lowPercent below this charge a robot is low on battery */
export function setBatteryThresholds(lowPercent: number): void {
  BATTERY_THRESHOLDS.steps = batterySteps(lowPercent);
}

/** Red below 10 %, where robots soon stop, and below half of a lower limit. */
function batterySteps(lowPercent: number): ThresholdsConfig['steps'] {
  return [
    { value: -Infinity, color: 'red' },
    { value: lowPercent > 10 ? 10 : lowPercent / 2, color: 'orange' },
    { value: lowPercent, color: 'text' },
  ];
}
