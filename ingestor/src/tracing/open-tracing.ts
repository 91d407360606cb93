import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { Tracing } from './batch-tracing.ts';

/** Undefined when tracing is off. OpenTelemetry is then not loaded. */
export async function openTracing({ isTraced }: Pick<Config, 'isTraced'>, log: Logger): Promise<Tracing | undefined> {
  if (!isTraced) return undefined;
  const { startOpenTelemetry } = await import('./open-telemetry.ts');
  return startOpenTelemetry(log);
}
