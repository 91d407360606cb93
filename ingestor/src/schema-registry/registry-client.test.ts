import { afterEach, expect, test, vi } from 'vitest';
import { SchemaReferenceError, SchemaRegistryClient, SchemaRegistryError } from './registry-client.ts';

afterEach(() => {
  vi.unstubAllGlobals();
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
