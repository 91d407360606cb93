import { afterEach, expect, test, vi } from 'vitest';
import { SchemaReferenceError, SchemaRegistryClient, SchemaRegistryError } from './registry-client.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const references = [{ name: 'pose', subject: 'poses', version: 2 }];

/** A registry that answers these paths, and 404 for all others. */
function registryWith(answers: Record<string, { status?: number; body?: object }>): SchemaRegistryClient {
  vi.stubGlobal('fetch', (url: string) => {
    const found = answers[new URL(url).pathname];
    return Promise.resolve(Response.json(found?.body ?? {}, { status: found ? (found.status ?? 200) : 404 }));
  });
  return new SchemaRegistryClient('http://registry');
}

const whole = { '/schemas/ids/7': { body: { schema: 'S', references } } };

test('gives a schema with the texts of what it refers to; null for one that is not there', async () => {
  const registry = registryWith({ ...whole, '/subjects/poses/versions/2': { body: { schema: 'P' } } });
  const schema = { type: 'AVRO', schema: 'S', references: [{ name: 'pose', schema: 'P' }] };
  expect(await registry.schemaById(7)).toEqual(schema);
  expect(await registry.schemaById(8)).toBeNull();
});

test('tells a reference that is gone from a registry that cannot say', async () => {
  await expect(registryWith(whole).schemaById(7)).rejects.toBeInstanceOf(SchemaReferenceError);
  const broken = registryWith({ ...whole, '/subjects/poses/versions/2': { status: 500 } });
  await expect(broken.schemaById(7)).rejects.toBeInstanceOf(SchemaRegistryError);
});
