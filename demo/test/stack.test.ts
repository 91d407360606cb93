import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { findLeftovers, RUN_VARIABLE } from '@floorwatch/servers/leftovers';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'floorwatch-stack-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** Runs `demo stack` on free ports, without Grafana. */
function startStack(env: Record<string, string>) {
  const runId = randomUUID();
  const command = [join(REPOSITORY_DIR, 'demo/src/main.ts'), 'stack', '--free-ports', '--dir', dir];
  const child = spawn(process.execPath, command, {
    env: { ...process.env, FLEET_ROBOTS: '5', GRAFANA_HOME: join(dir, 'none'), [RUN_VARIABLE]: runId, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, runId, lines: linesUntilReady(child) };
}

/** The lines until the stack is ready. */
async function linesUntilReady(child: ChildProcess): Promise<string[]> {
  const lines: string[] = [];
  if (!child.stdout) throw new Error('stdout is not piped');
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line.includes('Ctrl-C stops everything')) break;
  }
  child.stdout.resume();
  return lines;
}

describe('demo stack', () => {
  it('runs every component that is installed, and leaves no process behind after Ctrl-C', async () => {
    const { child, runId, lines } = startStack({});
    const printed = (await lines).join('\n');
    for (const component of ['Kafka', 'ClickHouse', 'Ingestor', 'Fleet']) {
      expect(printed).toMatch(new RegExp(`^${component} +running `, 'm'));
    }
    expect(printed).toMatch(/^Grafana: not found at GRAFANA_HOME=.*\. Set GRAFANA_HOME to/m);

    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await findLeftovers(runId, dir)).toEqual([]);
  });

  it('leaves no process behind when Ctrl-C interrupts the start', async () => {
    const { child, runId } = startStack({});
    await sleep(2_500);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await findLeftovers(runId, dir)).toEqual([]);
  });

  it('starts the other components without Java, and leaves no process behind after kill -9', async () => {
    const { child, runId, lines } = startStack({ PATH: dir });
    const printed = (await lines).join('\n');
    expect(printed).toMatch(/^Kafka: Java 17 is not installed\. Install Java 17 and Maven .*KAFKA_BROKERS/m);
    expect(printed).toMatch(/^Ingestor: not started, it needs (Kafka|Topics)/m);
    expect(printed).toMatch(/^ClickHouse +running /m);
    expect(printed).not.toMatch(/^ {4}at /m);

    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await findLeftovers(runId, dir)).toEqual([]);
  });

  it('names each external server that does not respond', async () => {
    const { child, lines } = startStack({
      PATH: dir,
      KAFKA_BROKERS: '127.0.0.1:9',
      CLICKHOUSE_URL: 'http://127.0.0.1:9',
    });
    const printed = (await lines).join('\n');
    expect(printed).toContain(
      'Kafka: KAFKA_BROKERS=127.0.0.1:9 does not respond. Start this server, or unset KAFKA_BROKERS'
    );
    expect(printed).toContain('ClickHouse: CLICKHOUSE_URL=http://127.0.0.1:9 does not respond.');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
