// What Grafana's catalogue shows of a plugin and only a public repository can give: links, and pictures of the README. The catalogue
// renders the README on its own site, where the files of the plugin are not served.

interface Manifest {
  repository?: string | { url?: string };
}

/**
 * The address of the public repository, from PLUGIN_REPOSITORY_URL or `repository` in package.json; undefined if neither is set.
 * @throws Error if it is no https:// address, or contains a login
 */
export function repositoryAddress(
  env: Readonly<Record<string, string | undefined>>,
  { repository }: Manifest
): string | undefined {
  const ofManifest = typeof repository === 'string' ? repository : repository?.url;
  const given = [env['PLUGIN_REPOSITORY_URL'], ofManifest].find((address) => address !== undefined && address !== '');
  if (given === undefined) return undefined;
  // The archive is public, and so is the log of a build.
  if (/^[^/]*\/\/[^/]*@/.test(given))
    throw new Error(
      'PLUGIN_REPOSITORY_URL, or repository in package.json, must be the address without a user or token: https://HOST/OWNER/NAME.'
    );
  const address = given
    .replace(/^git\+/, '')
    .replace(/\/$/, '')
    .replace(/\.git$/, '');
  if (!/^https:\/\/[^/\s]+\/\S+$/.test(address))
    throw new Error(
      `PLUGIN_REPOSITORY_URL, or repository in package.json, is "${given}". The catalogue needs an https:// address, such as https://HOST/OWNER/NAME.`
    );
  return address;
}

/** `info.links` of plugin.json. Files are those of the tag of the version, because the main branch changes. */
export function catalogueLinks(address: string, version: string): { name: string; url: string }[] {
  const file = (path: string): string => `${address}/blob/v${version}/${path}`;
  return [
    { name: 'Documentation', url: file('README.md') },
    { name: 'Source code', url: address },
    { name: 'Report an issue', url: `${address}/issues` },
    { name: 'License', url: file('LICENSE') },
  ];
}

/**
 * The README with the screenshots of plugin.json after its first paragraph. Without a repository, their addresses are those under which
 * Grafana serves the folder of the plugin.
 */
export function withPictures(
  readme: string,
  { id, info }: { id: string; info: { version: string; screenshots: readonly { name: string; path: string }[] } },
  address: string | undefined
): string {
  const base = address === undefined ? `public/plugins/${id}` : `${address}/raw/v${info.version}/plugin/src`;
  const pictures = info.screenshots.map(({ name, path }) => `![${name}](${base}/${path})`);
  const [title = '', first = '', ...rest] = readme.split('\n\n');
  return [title, first, ...pictures, ...rest].join('\n\n');
}
