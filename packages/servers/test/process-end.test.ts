import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';

const EXIT_WITHIN_MS = 5_000;
const LAST_LINE = 'last line';

/** Breaks connections in every phase through a proxy, kills children, and ends. */
const SCRIPT = `
  import { spawn } from 'node:child_process';
  import { once } from 'node:events';
  import { connect, createServer } from 'node:net';
  import { startCutProxy, resetSocket } from '${join(import.meta.dirname, '../src/cut-proxy.ts')}';

  const server = createServer((socket) => socket.on('error', () => {}).resume().write('hello'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  const proxy = await startCutProxy(port);
  for (let round = 0; round < 20; round++) {
    const clients = Array.from({ length: 10 }, () => connect(proxy.port, '127.0.0.1').on('error', () => {}));
    await Promise.all(clients.map((client) => once(client, 'data')));
    for (const client of clients.slice(0, 5)) client.write(Buffer.alloc(1_000_000)), client.end();
    // In the same turn of the event loop as its end.
    const direct = connect(port, '127.0.0.1').on('error', () => {});
    await once(direct, 'data');
    direct.end();
    resetSocket(direct);
    proxy.cut();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  proxy.close();
  server.close();
  console.log('${LAST_LINE}');
`;

test('a process that has cut many connections, some of them while they ended, and killed children exits after its last line', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let hasPrinted = false;
  for await (const line of createInterface(child.stdout)) {
    hasPrinted = line === LAST_LINE;
    if (hasPrinted) break;
  }
  expect(hasPrinted).toBe(true);
  const late = setTimeout(() => child.kill('SIGKILL'), EXIT_WITHIN_MS);
  const [code] = (await exited) as [number | null];
  clearTimeout(late);
  expect(code).toBe(0);
});
