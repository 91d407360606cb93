import { SECURITIES } from '@floorwatch/servers/secured/securities';
import { expect, it } from 'vitest';
import { allChecks } from '../healthy/checks/all-checks.ts';
import { Ledger } from '../healthy/fleet/ledger.ts';
import { CODECS } from '../interop/traffic.ts';
import { batchInputs } from '../poison/inputs/batches.ts';
import { messageInputs } from '../poison/inputs/messages.ts';
import { FEWEST_SHORT_ATTEMPTS } from '../security/run-security.ts';
import { documentedFigure, readText } from './compose-file.ts';

/** access.test.ts counts them. */
const ACCESS_ATTEMPTS = documentedFigure('README.md', /(\d+) things that each user can or cannot do/);

it.each([
  ['hostile inputs', /(\d+) hostile inputs/, messageInputs().length + batchInputs().length],
  ['codecs', /formats × (\d+) codecs/, Object.keys(CODECS).length],
  ['kinds of security', /codecs × (\d+) kinds of security/, SECURITIES.length],
  ['views', /(\d+) views equal what was sent/, allChecks(new Ledger(), 'topic').flatMap(({ checks }) => checks).length],
])('the README has the right number of %s', (_, pattern, expected) => {
  expect(documentedFigure('README.md', pattern)).toBe(expected);
});

it('SECURITY.md promises no more attempts than the tests of both halves count', () => {
  const promised = documentedFigure('SECURITY.md', /tries more than (\d+) things/);
  expect(promised).toBeLessThanOrEqual(FEWEST_SHORT_ATTEMPTS + ACCESS_ATTEMPTS);
});

it('sql/README.md has the same number of access attempts as the README', () => {
  expect(documentedFigure('sql/README.md', /tries (\d+) things as each user/)).toBe(ACCESS_ATTEMPTS);
});

it('CONTRIBUTING.md names the Node release that npm installs', () => {
  const { devDependencies } = JSON.parse(readText('package.json')) as { devDependencies: { node: string } };
  expect(documentedFigure('CONTRIBUTING.md', /including Node (\d+)/)).toBe(Number.parseInt(devDependencies.node));
});
