import { readFileSync } from 'node:fs';

/** What the licence texts need of a component of a CycloneDX SBOM. */
interface Component {
  group?: string;
  name: string;
  version?: string;
  licenses?: { license?: { id?: string; name?: string }; expression?: string }[];
  evidence?: { licenses?: { license?: { text?: { content?: string } } }[] };
}

/** The licence of each component of an SBOM, with its text. */
export function licenceTexts(bomFile: string): string {
  const { components } = JSON.parse(readFileSync(bomFile, 'utf8')) as { components: Component[] };
  return components
    .map(({ group, name, version = '', licenses = [], evidence }) => {
      const names = licenses.map(({ license, expression }) => license?.id ?? license?.name ?? expression ?? 'unknown');
      const texts = (evidence?.licenses ?? []).map(({ license }) =>
        Buffer.from(license?.text?.content ?? '', 'base64').toString('utf8')
      );
      return [`${group ? `${group}/` : ''}${name} ${version}: ${names.join(', ')}`, ...texts].join('\n\n');
    })
    .join(`\n\n${'-'.repeat(80)}\n\n`);
}
