import type { Config } from '../config/config.ts';
import { warning, type Finding } from './finding.ts';

/** Variables that were set to no effect. */
export function environmentFindings({ passedOver }: Pick<Config, 'passedOver'>): Finding[] {
  return passedOver.map(({ name, meant }) => warning('environment', `${name} is not read`, `Was ${meant} meant?`));
}
