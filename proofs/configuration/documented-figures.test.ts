import { SECURITIES } from '@floorwatch/servers/secured/securities';
import { expect, it } from 'vitest';
import { allChecks } from '../healthy/checks/all-checks.ts';
import { Ledger } from '../healthy/fleet/ledger.ts';
import { CODECS } from '../interop/traffic.ts';
import { batchInputs } from '../poison/inputs/batches.ts';
import { messageInputs } from '../poison/inputs/messages.ts';
import { documentedFigure } from './compose-file.ts';

// access.test.ts counts its attempts.
it.each([
  ['hostile inputs', /(\d+) hostile inputs/, messageInputs().length + batchInputs().length],
  ['codecs', /formats × (\d+) codecs/, Object.keys(CODECS).length],
  ['kinds of security', /codecs × (\d+) kinds of security/, SECURITIES.length],
  ['views', /(\d+) views equal what was sent/, allChecks(new Ledger(), 'topic').flatMap(({ checks }) => checks).length],
])('the README has the right number of %s', (_, pattern, expected) => {
  expect(documentedFigure('README.md', pattern)).toBe(expected);
});
