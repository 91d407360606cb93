import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommand } from './command.ts';

const MAIN = join(import.meta.dirname, '../src/main.ts');

interface Ended {
  code: number | null;
  output: string;
  seconds: number;
}

/** Runs `ingestor run`, and sends SIGTERM when a line of its output contains `until`. Seconds count from the signal. */
function run(env: Record<string, string>, until?: string): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, 'run'], { env: { ...process.env, ...env } });
  let output = '';
  let startMs = performance.now();
  const read = (chunk: Buffer): void => {
    const before = output;
    output += chunk.toString();
    if (until === undefined || before.includes(until) || !output.includes(until)) return;
    startMs = performance.now();
    child.kill('SIGTERM');
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  return new Promise((resolve) => {
    child.once('close', (code) => {
      resolve({ code, output, seconds: (performance.now() - startMs) / 1000 });
    });
  });
}

test('an invalid configuration is an error that names the variable, without a stack and without a secret', async () => {
  const { code, output } = await run({ BATCH_MAX_ROWS: 'many', CLICKHOUSE_PASSWORD: 'hunter2' });
  expect(code).toBe(1);
  expect(output).toBe('BATCH_MAX_ROWS must be a whole number from 1 to 1000000, not "many"\n');
});

test('SIGTERM ends it with exit code 0 within 5 s, even if Kafka and ClickHouse cannot be reached', async () => {
  const nowhere = { KAFKA_BROKERS: '127.0.0.1:9', CLICKHOUSE_URL: 'http://127.0.0.1:9', HTTP_PORT: '0' };
  const { code, output, seconds } = await run(
    { ...nowhere, CLICKHOUSE_PASSWORD: 'hunter2' },
    'Kafka cannot be reached'
  );
  expect(code).toBe(0);
  expect(seconds).toBeLessThan(5);
  expect(output).not.toContain('hunter2');
});

test('replay shows in one line which brokers do not respond, without its attempts', async () => {
  const nowhere = { KAFKA_BROKERS: '127.0.0.1:9,127.0.0.1:7' };
  const { code, stderr } = await runCommand(['replay', '--from', 'earliest', '--dry-run'], nowhere);
  expect(code).toBe(1);
  expect(stderr).toBe(
    'Kafka cannot be reached (127.0.0.1:9: connect ECONNREFUSED 127.0.0.1:9; 127.0.0.1:7: connect ECONNREFUSED ' +
      '127.0.0.1:7). Is KAFKA_BROKERS right, and is it running?\n'
  );
});

test('a replay that cannot log in to Kafka fails once, and does not try to remove its group', async () => {
  const server = createServer((socket) => socket.on('error', () => undefined).destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { code, stderr } = await runCommand(['replay', '--from', 'earliest'], { KAFKA_BROKERS: `127.0.0.1:${port}` });
  server.close();
  expect(code).toBe(1);
  expect(stderr).toMatch(/Kafka cannot be reached \(.*\)\. Is KAFKA_BROKERS right, and is it running\?\n/);
  expect(stderr.match(/"retryCount":0/g)).toHaveLength(1);
});
