// npm run package: builds the plugin and packs floorwatch-fleet-app-VERSION.zip with its SHA-256 into dist/, as Grafana's catalogue
// expects it. With GRAFANA_ACCESS_POLICY_TOKEN, Grafana's own tool signs it first. With PLUGIN_REPOSITORY_URL, or `repository` in
// package.json, it has the links and the public pictures that the catalogue requires.
//   --as-built      packs plugin/dist as it is
//   --out FOLDER    default: dist
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { zipSync, type Zippable } from 'fflate';
import { catalogueLinks, repositoryAddress, withPictures } from './catalogue.ts';
import { licenceTexts } from './licences.ts';

interface PluginJson {
  id: string;
  info: {
    version: string;
    updated: string;
    screenshots: { name: string; path: string }[];
    links?: { name: string; url: string }[];
  };
}

const SIGN_TOOL = '@grafana/sign-plugin@3.2.0';
const root = resolve(import.meta.dirname, '..');
const dist = join(root, 'plugin/dist');
const { values } = parseArgs({
  options: { 'as-built': { type: 'boolean', default: false }, out: { type: 'string', default: join(root, 'dist') } },
});

if (!values['as-built']) {
  execFileSync('npm', ['run', '-s', 'build', '-w', 'plugin'], { cwd: root, stdio: ['ignore', 2, 2] });
}
const staging = mkdtempSync(join(tmpdir(), 'floorwatch-package-'));
try {
  const { id, info } = readJson(join(dist, 'plugin.json')) as PluginJson;
  const folder = join(staging, id);
  cpSync(dist, folder, { recursive: true });
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), licenceTexts(join(folder, 'sbom/bom.json')));
  const address = repositoryAddress(process.env, readJson(join(root, 'package.json')) as { repository?: string });
  completeForCatalogue(folder, address);
  // Last, because the signature covers every file.
  const isSigned = sign(folder);

  const name = `${id}-${info.version}.zip`;
  // One time for all entries, so that equal files give an equal archive.
  const mtime = new Date(info.updated);
  const archive = zipSync({ [id]: entries(folder) }, { level: 9, mtime });
  const sha256 = createHash('sha256').update(archive).digest('hex');
  mkdirSync(values.out, { recursive: true });
  writeFileSync(join(values.out, name), archive);
  writeFileSync(join(values.out, `${name}.sha256`), `${sha256}  ${name}\n`);
  console.log(join(values.out, name));
  console.log(`sha256 ${sha256}, ${(archive.length / 1e6).toFixed(1)} MB, ${isSigned ? 'signed' : 'unsigned'}`);
  if (!isSigned) {
    console.log(
      `Grafana loads an unsigned plugin only if allow_loading_unsigned_plugins names it (docs/how-to/install-grafana.md).`
    );
  }
  if (address === undefined) {
    console.log(
      'For the catalogue, it lacks links (info.links of plugin.json), and the pictures of its README have no public address. Set PLUGIN_REPOSITORY_URL to the https:// address of the public repository, or repository in package.json.'
    );
  }
} finally {
  rmSync(staging, { recursive: true, force: true });
}

/** The README gets the screenshots; with the address of the repository, plugin.json gets links. */
function completeForCatalogue(folder: string, address: string | undefined): void {
  const [manifest, readme] = [join(folder, 'plugin.json'), join(folder, 'README.md')];
  const plugin = readJson(manifest) as PluginJson;
  writeFileSync(readme, withPictures(readFileSync(readme, 'utf8'), plugin, address));
  if (address === undefined) return;
  plugin.info.links = catalogueLinks(address, plugin.info.version);
  writeFileSync(manifest, `${JSON.stringify(plugin, null, 2)}\n`);
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function sign(folder: string): boolean {
  if (!process.env['GRAFANA_ACCESS_POLICY_TOKEN']) return false;
  const rootUrls = process.env['GRAFANA_ROOT_URLS'];
  const args = ['--yes', SIGN_TOOL, '--distDir', folder, ...(rootUrls ? ['--rootUrls', rootUrls] : [])];
  execFileSync('npx', args, { cwd: join(root, 'plugin'), stdio: ['ignore', 2, 2] });
  return true;
}

/** The files of a folder, readable by everybody. */
function entries(folder: string): Zippable {
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => {
        const path = join(folder, name);
        return statSync(path).isDirectory()
          ? [name, entries(path)]
          : [name, [new Uint8Array(readFileSync(path)), { os: 3, attrs: 0o644 << 16 }]];
      })
  ) as Zippable;
}
