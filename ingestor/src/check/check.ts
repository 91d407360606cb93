import { clearTextLogins } from '../config/clear-text-logins.ts';
import type { Config } from '../config/config.ts';
import { certificateFindings } from './certificates.ts';
import { clickHouseFindings } from './clickhouse.ts';
import { datumFindings } from './datums.ts';
import { warning, type Finding } from './finding.ts';
import { grafanaFindings } from './grafana.ts';
import { kafkaFindings } from './kafka.ts';
import { registryFindings } from './registry.ts';

/** Connects to everything that the ingestor needs and checks that it will work. Changes nothing. */
export async function check(config: Config): Promise<Finding[]> {
  const findings = await Promise.all([
    kafkaFindings(config),
    clickHouseFindings(config),
    registryFindings(config),
    grafanaFindings(config),
    certificateFindings(config, Date.now()),
  ]);
  const logins = clearTextLogins(config).map(({ problem, remedy }) => warning('encryption', problem, remedy));
  return [...environmentFindings(config), ...logins, ...findings.flat(), ...datumFindings(config.formats)];
}

/** Variables that are set but have no effect. */
export function environmentFindings({ unknownVariables }: Pick<Config, 'unknownVariables'>): Finding[] {
  return unknownVariables.map(({ name, meant }) =>
    warning('environment', `${name} is not read`, `Did you mean ${meant}?`)
  );
}
