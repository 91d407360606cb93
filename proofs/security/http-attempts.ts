import { connect } from 'node:net';
import type { Attempt } from '../access/attempt.ts';

/** What somebody in the network tries at the ingestor's port for /metrics, /healthz and /readyz. */
export function httpAttempts(port: number): Attempt[] {
  const asking = (attempt: string, request: string, expected: string): Attempt => ({
    attempt: `ingestor's HTTP port: ${attempt}`,
    expected,
    run: () => statusOf(port, request),
  });
  return [
    asking('GET /healthz', 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n', '200'),
    asking('GET /../../etc/passwd', 'GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n', '404'),
    asking('GET an address of another host', 'GET http://127.0.0.1:1/metrics2 HTTP/1.1\r\nHost: a\r\n\r\n', '404'),
    asking('GET a path that is no address', 'GET //[ HTTP/1.1\r\nHost: a\r\n\r\n', '404'),
    asking('DELETE /metrics', 'DELETE /metrics HTTP/1.1\r\nHost: a\r\n\r\n', '405'),
    asking('POST /metrics with a body', 'POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc', '405'),
    asking('headers of 1 MB', `GET /healthz HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(1 << 20)}\r\n\r\n`, '431'),
    asking('no HTTP', '\0\0\0\x01hello\r\n\r\n', '400'),
    asking(
      'two lengths of a body',
      'POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '400'
    ),
    {
      attempt: "ingestor's HTTP port: 500 connections that say nothing, then GET /healthz",
      expected: '200',
      run: async () => {
        const idle = Array.from({ length: 500 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
        try {
          return await statusOf(port, 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
        } finally {
          for (const socket of idle) socket.destroy();
        }
      },
    },
  ];
}

/** The status of the first response. */
function statusOf(port: number, request: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    const end = (): void => {
      resolve(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? `no answer${answer.slice(0, 100)}`);
      socket.destroy();
    };
    socket.on('data', (data: Buffer) => {
      answer += data.toString('latin1');
      if (answer.includes('\r\n\r\n')) end();
    });
    socket.on('error', end).on('close', end).setTimeout(10_000, end);
    socket.write(request);
  });
}
