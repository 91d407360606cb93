import { expect, test } from 'vitest';
import { storedHeaders, withHeaders } from './stored-headers.ts';

const bytes = (text: string) => Buffer.from(text);

test('only the named headers are stored, as text', () => {
  const headers = { gateway: bytes('gw-3 · Süd'), secret: bytes('hunter2'), route: bytes('') };
  expect(storedHeaders(headers, ['gateway', 'route', 'trace'])).toEqual({ gateway: 'gw-3 · Süd', route: '' });
});

test('a message without these headers, and one without headers, has nothing to store', () => {
  expect(storedHeaders({ other: bytes('1') }, ['gateway'])).toBeNull();
  expect(storedHeaders(undefined, ['gateway'])).toBeNull();
  expect(storedHeaders({}, ['constructor', 'toString'])).toBeNull();
});

test('a value that is not text, is too long, is absent, or is repeated is never stored as something else', () => {
  const headers = {
    ...{ id: Buffer.of(0xff, 0x00), long: bytes('x'.repeat(1_025)), most: bytes('é'.repeat(512)), none: undefined },
    ...{ hop: [bytes('a'), Buffer.of(0xc3)], bom: Buffer.of(0xef, 0xbb, 0xbf, 0x61) },
  };
  expect(storedHeaders(headers, Object.keys(headers))).toEqual({
    ...{ id: { base64: '/wA=' }, long: { omitted_bytes: 1_025 }, most: 'é'.repeat(512), none: null },
    ...{ hop: ['a', { base64: 'ww==' }], bom: '\ufeffa' },
  });
});

test('a repeated header has no more than a header of one value', () => {
  const most = Array.from({ length: 32 }, () => bytes('x'.repeat(32)));
  expect(storedHeaders({ hop: most }, ['hop'])).toEqual({ hop: most.map(String) });
  const longer = [...most.slice(1), bytes('x'.repeat(33))];
  expect(storedHeaders({ hop: longer }, ['hop'])).toEqual({ hop: { omitted_values: 32, omitted_bytes: 1_025 } });
  const many = Array.from({ length: 100_000 }, () => bytes(''));
  expect(storedHeaders({ hop: many }, ['hop'])).toEqual({ hop: { omitted_values: 100_000, omitted_bytes: 0 } });
});

test('headers are added to meta, and what the event says there stays', () => {
  const event = { robot_id: 'a', meta: { firmware: 'v2', kafka_headers: { old: '1', gateway: 'fake' } } };
  expect(withHeaders(event, { gateway: 'gw' })).toEqual({
    robot_id: 'a',
    meta: { firmware: 'v2', kafka_headers: { old: '1', gateway: 'gw' } },
  });
  for (const meta of [undefined, null]) {
    expect(withHeaders({ meta }, { gateway: 'gw' })).toEqual({ meta: { kafka_headers: { gateway: 'gw' } } });
  }
  expect(withHeaders({ meta: { kafka_headers: ['x'] } }, { a: '1' })).toEqual({ meta: { kafka_headers: { a: '1' } } });
});
