import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';

/** Texts to replace in a file of sql/server/. */
export type ConfigChanges = Readonly<Record<string, readonly (readonly [from: string, to: string])[]>>;

/**
 * Writes the shipped server configuration with changes that only a benchmark needs.
 * @returns the folder
 * @throws Error when a file no longer has a text to replace
 */
export function writeBenchConfig(dir: string, changes: ConfigChanges): string {
  mkdirSync(dir, { recursive: true });
  for (const name of ['config.xml', 'users.xml', 'users.d'])
    cpSync(join(REPOSITORY_DIR, 'sql/server', name), join(dir, name), { recursive: true });
  for (const [file, replacements] of Object.entries(changes)) {
    const changed = replacements.reduce(
      (text, [from, to]) => {
        if (!text.includes(from))
          throw new Error(`sql/server/${file} does not contain ${from}. Update this benchmark to match the file.`);
        return text.replace(from, to);
      },
      readFileSync(join(dir, file), 'utf8')
    );
    writeFileSync(join(dir, file), changed);
  }
  return dir;
}
