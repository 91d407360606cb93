import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SchemaRegistryClient } from '@floorwatch/ingestor/schema-registry/registry-client';
import type { Attempt } from '../access/attempt.ts';

const SCHEMA = { schema: '"string"', schemaType: 'AVRO' };

/** A schema registry that somebody took over, as the ingestor's client meets it. */
export function registryAttempts(): Attempt[] {
  const meeting = (
    attempt: string,
    expected: string,
    answer: (asked: string[]) => RequestListener,
    ask: (client: SchemaRegistryClient) => Promise<unknown> = (client) => client.schemaById(1)
  ): Attempt => ({
    attempt: `schema registry that ${attempt}`,
    expected,
    run: async () => {
      const asked: string[] = [];
      const server = createServer((request, response) => {
        asked.push(`${request.url ?? ''}${request.headers.authorization === undefined ? '' : ' with a login'}`);
        answer(asked)(request, response);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const port = (server.address() as AddressInfo).port;
      try {
        await ask(new SchemaRegistryClient(`http://user:password@127.0.0.1:${port}`));
        return asked.some((path) => path.startsWith('/internal')) ? 'asked another address' : 'read';
      } catch (error) {
        if (asked.some((path) => path.startsWith('/internal'))) return 'asked another address';
        return (error as Error).name;
      } finally {
        server.close();
        server.closeAllConnections();
      }
    },
  });
  const json =
    (body: unknown): RequestListener =>
    (_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const referring = (subject: string): object => ({ ...SCHEMA, references: [{ name: 'a', subject, version: 1 }] });
  return [
    meeting('answers as it should', 'read', () => json(SCHEMA)),
    ...[301, 302, 303, 307, 308].map((status) =>
      meeting(`redirects to an internal address (${status})`, 'SchemaRegistryError', () => (request, response) => {
        if (request.url?.startsWith('/internal')) json(SCHEMA)(request, response);
        else response.writeHead(status, { location: '/internal' }).end();
      })
    ),
    meeting('refers to a subject that is a path', 'read', () => (request, response) => {
      json(request.url?.startsWith('/schemas/ids/') ? referring('../../internal') : SCHEMA)(request, response);
    }),
    meeting('refers to a subject that is an address', 'read', () => (request, response) => {
      json(request.url?.startsWith('/schemas/ids/') ? referring('http://127.0.0.1:1/internal') : SCHEMA)(
        request,
        response
      );
    }),
    meeting('refers to itself', 'SchemaReferenceError', () => json(referring('self'))),
    meeting('refers to two others each time', 'SchemaReferenceError', () =>
      json({ ...SCHEMA, references: ['a', 'b'].map((name) => ({ name, subject: name, version: 1 })) })
    ),
    meeting('sends without end', 'SchemaRegistryError', () => (_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(1 << 20, ' ')));
      };
      response.writeHead(200).on('drain', more);
      more();
    }),
    meeting('sends HTML', 'SchemaRegistryError', () => (_, response) => response.end('<html></html>')),
    meeting(
      'sends __proto__',
      'SchemaRegistryError',
      () => (_, response) => response.end('{"__proto__":{"schema":"x"}}')
    ),
  ];
}
