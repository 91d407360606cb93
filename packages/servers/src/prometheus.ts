import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild, waitUntilReady, type ServerProcess } from './child.ts';
import { REPOSITORY_DIR } from './paths.ts';
import { claimPort, LOOPBACK } from './ports.ts';

const COMPONENT = 'Prometheus';

export interface PrometheusOptions {
  dataDir: string;
  /** Default: a free port. */
  port?: number | undefined;
  logFile?: string;
  /** host:port of the ingestor's metrics. */
  ingestorTarget: string;
}

export interface Prometheus extends ServerProcess {
  readonly url: string;
}

/**
 * Starts the Prometheus that is on the PATH with the configuration in deploy/prometheus/, on loopback only.
 * Settles when it is ready.
 * @throws ComponentUnavailableError
 */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const port = await claimPort(COMPONENT, options.port, 'PROMETHEUS_PORT');
  const configDir = join(options.dataDir, 'config');
  cpSync(join(REPOSITORY_DIR, 'deploy/prometheus'), configDir, { recursive: true });
  mkdirSync(join(configDir, 'targets'), { recursive: true });
  writeFileSync(join(configDir, 'targets/ingestor.json'), JSON.stringify([{ targets: [options.ingestorTarget] }]));

  const child = await startChild({
    component: COMPONENT,
    command: 'prometheus',
    args: [
      `--config.file=${join(configDir, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(options.dataDir, 'data')}`,
      `--web.listen-address=${LOOPBACK}:${port}`,
    ],
    workingDir: options.dataDir,
    logFile: options.logFile ?? join(options.dataDir, 'prometheus.log'),
    missingRemedy: 'Install Prometheus (Debian: apt install prometheus), or set PROMETHEUS_URL to a running one.',
  });
  const url = `http://${LOOPBACK}:${port}`;
  await waitUntilReady(COMPONENT, child, async () => (await fetch(`${url}/-/ready`)).ok);
  return { ...child, url };
}
