import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { SchemaReferenceError, SchemaRegistryClient, SchemaRegistryError } from './registry-client.ts';

let server: Server | undefined;
afterEach(() => {
  vi.unstubAllGlobals();
  server?.close();
  server?.closeAllConnections();
});

const references = [{ name: 'pose', subject: 'poses', version: 2 }];

/** A registry that responds to these paths, and with 404 to all others. */
function registryWith(answers: Record<string, { status?: number; body?: object }>): SchemaRegistryClient {
  vi.stubGlobal('fetch', (url: string) => {
    const found = answers[new URL(url).pathname];
    return Promise.resolve(Response.json(found?.body ?? {}, { status: found ? (found.status ?? 200) : 404 }));
  });
  return new SchemaRegistryClient('http://registry');
}

const whole = { '/schemas/ids/7': { body: { schema: 'S', references } } };

test('returns a schema with the texts of its references, and null for an unknown schema', async () => {
  const registry = registryWith({ ...whole, '/subjects/poses/versions/2': { body: { schema: 'P' } } });
  const schema = { type: 'AVRO', schema: 'S', references: [{ name: 'pose', schema: 'P' }] };
  expect(await registry.schemaById(7)).toEqual(schema);
  expect(await registry.schemaById(8)).toBeNull();
});

test('distinguishes a missing reference from a registry that fails', async () => {
  await expect(registryWith(whole).schemaById(7)).rejects.toBeInstanceOf(SchemaReferenceError);
  const broken = registryWith({ ...whole, '/subjects/poses/versions/2': { status: 500 } });
  await expect(broken.schemaById(7)).rejects.toBeInstanceOf(SchemaRegistryError);
});

test('stops at references that form a cycle', async () => {
  const again = [{ name: 'pose', subject: 'poses', version: 2 }];
  const cyclic = registryWith({ ...whole, '/subjects/poses/versions/2': { body: { schema: 'P', references: again } } });
  await expect(cyclic.schemaById(7)).rejects.toThrow(/form a cycle at poses\/2/);
});

test('returns a schema that two others refer to once', async () => {
  const unit = [{ name: 'unit', subject: 'units', version: 1 }];
  const both = [...references, { name: 'twist', subject: 'twists', version: 1 }];
  const diamond = registryWith({
    '/schemas/ids/7': { body: { schema: 'S', references: both } },
    '/subjects/poses/versions/2': { body: { schema: 'P', references: unit } },
    '/subjects/twists/versions/1': { body: { schema: 'T', references: unit } },
    '/subjects/units/versions/1': { body: { schema: 'U' } },
  });
  expect((await diamond.schemaById(7))?.references.map(({ name }) => name)).toEqual(['unit', 'pose', 'twist']);
});

test('reads a schema whose references have references, the deepest first', async () => {
  const deep = registryWith({
    ...whole,
    '/subjects/poses/versions/2': {
      body: { schema: 'P', references: [{ name: 'unit', subject: 'units', version: 1 }] },
    },
    '/subjects/units/versions/1': { body: { schema: 'U' } },
  });
  expect((await deep.schemaById(7))?.references.map(({ name }) => name)).toEqual(['unit', 'pose']);
});

async function registryServer(answer: RequestListener): Promise<SchemaRegistryClient> {
  const listening = createServer(answer);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return new SchemaRegistryClient(`http://user:secret@127.0.0.1:${(listening.address() as AddressInfo).port}`);
}

test('does not follow a redirect, which could lead to an address that only the ingestor reaches', async () => {
  const asked: string[] = [];
  const redirecting = await registryServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(302, { location: '/internal' }).end();
  });
  await expect(redirecting.subjects()).rejects.toThrow(/redirects: set SCHEMA_REGISTRY_URL/);
  expect(asked).toEqual(['/subjects']);
});

test('stops reading a response without end', async () => {
  const endless = await registryServer((_, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(1 << 20, ' ')));
    };
    response.writeHead(200, { 'content-type': 'application/json' }).on('drain', more);
    more();
  });
  await expect(endless.subjects()).rejects.toThrow(/is not a schema registry/);
});
