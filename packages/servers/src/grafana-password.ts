import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ComponentUnavailableError } from './errors.ts';
import type { GrafanaInstallation } from './grafana-home.ts';

/**
 * Makes the password the one of Grafana's `admin`. Grafana stores it in its database at the first start and ignores its setting from
 * then on. A password that somebody sets in Grafana stays until the given one changes. deploy/compose/grafana.sh does the same in the
 * container, with the same record of what was applied last: a salt and a hash, so that the folder does not hold the password.
 * @param dataDir contains grafana.db after the first start. Grafana must not be running
 * @throws ComponentUnavailableError
 */
export async function applyAdminPassword(
  { homeDir, binary }: GrafanaInstallation,
  dataDir: string,
  password: string
): Promise<void> {
  const record = join(dataDir, 'admin-password.applied');
  const [salt = '', hash] = existsSync(record) ? readFileSync(record, 'utf8').trim().split(' ') : [];
  if (hash === hashOf(salt, password)) return;
  if (existsSync(join(dataDir, 'grafana.db'))) {
    const args = ['cli', '--homepath', homeDir, 'admin', 'reset-admin-password', '--password-from-stdin'];
    const command = spawn(binary, args, { env: { ...process.env, GF_PATHS_DATA: dataDir } });
    command.stdin.end(password);
    const exited = new Promise<number | null>((resolve) => {
      command.once('error', () => {
        resolve(null);
      });
      command.once('close', resolve);
    });
    command.stdout.resume();
    const [output, exitCode] = await Promise.all([text(command.stderr), exited]);
    if (exitCode !== 0) {
      const lastLine = output.trim().split('\n').at(-1) ?? '';
      throw new ComponentUnavailableError(
        'Grafana',
        `GRAFANA_ADMIN_PASSWORD cannot be applied to its database: ${lastLine.slice(0, 300)}`,
        `Set the password that Grafana had before, or remove ${join(dataDir, 'grafana.db')}, which loses what was changed in Grafana.`
      );
    }
  }
  mkdirSync(dataDir, { recursive: true });
  const newSalt = randomBytes(8).toString('hex');
  writeFileSync(record, `${newSalt} ${hashOf(newSalt, password)}\n`, { mode: 0o600 });
}

function hashOf(salt: string, password: string): string {
  return createHash('sha256').update(`${salt}\n${password}`).digest('hex');
}
