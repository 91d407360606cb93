import { expect, test } from 'vitest';
import { catalogueLinks, repositoryAddress, withPictures } from './catalogue.ts';

const ADDRESS = 'https://example.com/floorwatch/floorwatch';

test.each([
  [{}, {}, undefined],
  [{ PLUGIN_REPOSITORY_URL: '' }, {}, undefined],
  [{ PLUGIN_REPOSITORY_URL: `${ADDRESS}/` }, {}, ADDRESS],
  [{}, { repository: ADDRESS }, ADDRESS],
  [{}, { repository: { url: `git+${ADDRESS}.git` } }, ADDRESS],
  [{ PLUGIN_REPOSITORY_URL: 'https://example.com/other' }, { repository: ADDRESS }, 'https://example.com/other'],
])('the address of the repository: %j and %j give %s', (env, manifest, address) => {
  expect(repositoryAddress(env, manifest)).toBe(address);
});

test.each(['http://example.com/a', 'git@example.com:a/b.git', 'example.com'])(
  '%s is not an address that the catalogue can show, and the error names the variable',
  (address) => {
    expect(() => repositoryAddress({ PLUGIN_REPOSITORY_URL: address }, {})).toThrow(
      /PLUGIN_REPOSITORY_URL.*https:\/\//
    );
  }
);

test('a token in the address gets neither into the archive nor into the log', () => {
  const read = (): unknown => repositoryAddress({ PLUGIN_REPOSITORY_URL: 'https://me:s3cret@example.com/a/b.git' }, {});
  expect(read).toThrow(/without a user or token/);
  expect(read).not.toThrow(/s3cret/);
});

test('links name what they lead to, at the version of the archive', () => {
  expect(catalogueLinks(ADDRESS, '1.2.3')).toEqual([
    { name: 'Documentation', url: `${ADDRESS}/blob/v1.2.3/README.md` },
    { name: 'Source code', url: ADDRESS },
    { name: 'Report an issue', url: `${ADDRESS}/issues` },
    { name: 'License', url: `${ADDRESS}/blob/v1.2.3/LICENSE` },
  ]);
});

test.each([
  [undefined, 'public/plugins/an-id-app/img/fleet.png'],
  [ADDRESS, `${ADDRESS}/raw/v1.2.3/plugin/src/img/fleet.png`],
])('with the repository %s, the README shows each screenshot from %s', (address, url) => {
  const screenshots = [{ name: 'Fleet', path: 'img/fleet.png' }];
  const plugin = { id: 'an-id-app', info: { version: '1.2.3', screenshots } };
  expect(withPictures('# Title\n\nWhat it is.\n\n## More\n', plugin, address)).toBe(
    `# Title\n\nWhat it is.\n\n![Fleet](${url})\n\n## More\n`
  );
});
