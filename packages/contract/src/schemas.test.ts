import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MESSAGE_FIELDS } from './event-fields.ts';
import { SCHEMA_FILES } from './schemas.ts';

test.each(Object.entries(SCHEMA_FILES))('%s is current; if not, run `npm run schemas`', (name, text) => {
  expect(readFileSync(join(import.meta.dirname, '../schemas', name), 'utf8')).toBe(text());
});

test('no two fields share a number in Protobuf', () => {
  const tags = MESSAGE_FIELDS.map(({ protobufTag }) => protobufTag);
  expect(new Set(tags).size).toBe(tags.length);
  expect(tags).not.toContain(undefined);
});
