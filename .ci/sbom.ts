// Lists what an image has installed from npm: FOLDER/sbom/bom.json (CycloneDX) and FOLDER/THIRD-PARTY-LICENSES.txt.
//   node .ci/sbom.ts --out FOLDER
//   node .ci/sbom.ts --out FOLDER --bundled    only the licence texts, for the sbom/bom.json of a bundle, which webpack writes
// It reads npm's own list of what it installed. `npm sbom --omit=dev` leaves out each package that any workspace also has as a
// development dependency, such as kafkajs, and packages that npm installs for a workspace that the image does not use.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { licenceTexts } from './licences.ts';

interface InstalledPackage {
  version: string;
  integrity?: string;
  link?: boolean;
}

const root = resolve(import.meta.dirname, '..');
const { values } = parseArgs({
  options: { out: { type: 'string' }, bundled: { type: 'boolean', default: false } },
});
if (values.out === undefined) throw new Error('--out is missing: name the folder for sbom/bom.json.');
const bomFile = join(values.out, 'sbom/bom.json');
if (!values.bundled) {
  mkdirSync(join(values.out, 'sbom'), { recursive: true });
  writeFileSync(bomFile, `${JSON.stringify(bom(), null, 2)}\n`);
}
writeFileSync(join(values.out, 'THIRD-PARTY-LICENSES.txt'), licenceTexts(bomFile));

/** @see https://cyclonedx.org/docs/1.6/json/. Without a time and a serial number, so that equal packages give an equal file. */
function bom(): object {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const { packages } = JSON.parse(readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8')) as {
    packages: Record<string, InstalledPackage>;
  };
  const node = {
    ...{ type: 'platform', 'bom-ref': 'node', name: 'node', version: process.versions.node },
    ...{ purl: `pkg:generic/node@${process.versions.node}`, licenses: [{ license: { id: 'MIT' } }] },
  };
  const places = Object.entries(packages)
    // Workspaces are this repository. A package of another platform is listed, but not installed.
    .filter(([place, { link }]) => /(^|\/)node_modules\//.test(place) && link !== true && existsSync(join(root, place)))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...{ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 },
    metadata: { component: { type: 'container', 'bom-ref': 'floorwatch', name: 'floorwatch', version } },
    components: [node, ...places.map(([place, { version: own, integrity }]) => component(place, own, integrity))],
  };
}

function component(place: string, version: string, integrity: string | undefined): object {
  const folder = join(root, place);
  const { name, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    license?: string;
  };
  const [, group, ownName = name] = /^(@[^/]+)\/(.+)$/.exec(name) ?? [];
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)[^/]*$/i.test(file))
    .map((file) => readFileSync(join(folder, file)).toString('base64'));
  return {
    ...{ type: 'library', 'bom-ref': place, ...(group !== undefined && { group }), name: ownName, version },
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    ...(integrity !== undefined && { hashes: [sha512(integrity)] }),
    ...(license !== undefined && {
      licenses: [/ (AND|OR|WITH) /.test(license) ? { expression: license } : { license: { id: license } }],
    }),
    ...(texts.length > 0 && {
      evidence: {
        licenses: texts.map((content) => ({
          license: { name: 'text', text: { contentType: 'text/plain', encoding: 'base64', content } },
        })),
      },
    }),
  };
}

function sha512(integrity: string): object {
  return { alg: 'SHA-512', content: Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex') };
}
