// Installs the workspaces when node_modules is not what package-lock.json says. Plain JavaScript that old Nodes can run:
// it is what brings the Node that the rest of the project needs (the npm package `node`).
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** npm keeps a lock file of what it has installed; packages for other platforms are in the wanted one only. */
function isInstalled() {
  const installedLock = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedLock) || !existsSync(join(root, 'node_modules/.bin/node'))) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedLock, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional, link }]) =>
      !path.includes('node_modules/') ||
      optional ||
      (link ? existsSync(join(root, path)) : installed[path]?.version === version)
  );
}

if (!isInstalled()) {
  console.error('Installing dependencies (npm ci), a few minutes the first time ...');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error('npm ci failed; its message above says why. Mend that and run the same command again.');
    process.exit(status ?? 1);
  }
}
