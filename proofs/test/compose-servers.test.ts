import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startClickHouse } from '@floorwatch/servers/clickhouse';
import { startGrafana } from '@floorwatch/servers/grafana';
import { findGrafana } from '@floorwatch/servers/grafana-home';
import { startKafka } from '@floorwatch/servers/kafka';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readCompose } from '../configuration/compose-file.ts';
import { send } from '../access/attempt.ts';

const { services } = readCompose();
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'floorwatch-compose-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** Runs the health check of a service against another port. @returns its exit code */
function healthCheck(service: string, port: number): number | null {
  const [, command = '', ...args] = services[service]?.healthcheck?.test ?? [];
  const own = args.map((word) => word.replaceAll('$$', '$').replace(/localhost\/\d+/, `127.0.0.1/${port}`));
  return spawnSync(command, own, { timeout: 20_000 }).status;
}

describe('health checks without a JVM and without curl', () => {
  test('Kafka is healthy when the broker responds to a request', async () => {
    const kafka = await startKafka({ dataDir: join(dir, 'kafka') });
    expect(healthCheck('kafka', kafka.port)).toBe(0);
    await kafka.stop();
    expect(healthCheck('kafka', kafka.port)).not.toBe(0);
  });

  test('Kafka is not healthy when its port is open but nothing responds', async () => {
    const silent = await listen(createServer());
    expect(healthCheck('kafka', portOf(silent))).not.toBe(0);
    silent.close();
  });

  test.each([
    [200, true],
    [500, false],
  ])('the schema registry that responds with %i is healthy: %s', async (status, isHealthy) => {
    // A process of its own, because the health check blocks this one.
    const script = `require('node:http').createServer((_, r) => { r.writeHead(${status}); r.end('[]'); }).listen(0, '127.0.0.1',
      function () { console.log(this.address().port); })`;
    const server = (await import('node:child_process')).spawn(process.execPath, ['-e', script]);
    const port = await new Promise<number>((resolve) => {
      server.stdout.once('data', (text: Buffer) => {
        resolve(Number(text.toString()));
      });
    });
    expect(healthCheck('schema-registry', port) === 0).toBe(isHealthy);
    server.kill();
  });
});
