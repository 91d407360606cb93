import { MappingType, ThresholdsMode, type ThresholdsConfig, type ValueMapping } from '@grafana/data';
import { t } from '@grafana/i18n';

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

/** The colour and the word of each status, worst first. */
export function statusMappings(): ValueMapping[] {
  return [statusMapping(COLOURS)];
}

/** The words of all statuses, and the colours of those that are given here. */
export function statusMapping(colours: Readonly<Record<string, string>>): ValueMapping {
  return {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      STATUS_WORDS.map((status, index) => {
        const color = colours[status];
        return [status, { text: statusWord(status), index, ...(color === undefined ? {} : { color }) }];
      })
    ),
  };
}

/** A status as people read it; a word that is none stays as it is. */
export function statusWord(status: string): string {
  switch (status) {
    case 'error':
      return t('status.error', 'error');
    case 'blocked':
      return t('status.blocked', 'blocked');
    case 'silent':
      return t('status.silent', 'silent');
    case 'offline':
      return t('status.offline', 'offline');
    case 'working':
      return t('status.working', 'working');
    case 'charging':
      return t('status.charging', 'charging');
    case 'idle':
      return t('status.idle', 'idle');
    case 'manual':
      return t('status.manual', 'manual');
    case 'maintenance':
      return t('status.maintenance', 'maintenance');
    case 'unknown':
      return t('status.unknown', 'unknown');
    default:
      return status;
  }
}

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
