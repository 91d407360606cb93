import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

/** Folders with the source of the pipeline, the schema and the map. */
const FOLDERS = ['packages', 'ingestor', 'sql', 'plugin/src', 'provisioning'];
const WORKSPACES = ['packages/contract', 'packages/floorplan', 'packages/servers', 'ingestor'];
/** Dependencies, builds and tests, which the walk does not count. */
const LEFT_OUT = /^(node_modules|dist|coverage|test|.*\.test\.tsx?)$/;

/** Copies the source without tests into an empty folder, and links installed packages so that it can run. */
export function copyRepository(from: string, to: string): void {
  for (const folder of FOLDERS) {
    cpSync(join(from, folder), join(to, folder), {
      recursive: true,
      filter: (source) => !LEFT_OUT.test(basename(source)),
    });
  }
  linkPackages(join(from, 'node_modules'), join(to, 'node_modules'));
  mkdirSync(join(to, 'node_modules/@floorwatch'));
  for (const workspace of WORKSPACES) {
    symlinkSync(join(to, workspace), join(to, 'node_modules/@floorwatch', basename(workspace)));
    linkPackages(join(from, workspace, 'node_modules'), join(to, workspace, 'node_modules'));
  }
}

/** Links installed packages except our own, whose names must resolve to the copy. */
function linkPackages(from: string, to: string): void {
  const names = namesIn(from).filter((name) => name !== '@floorwatch');
  if (names.length === 0) return;
  mkdirSync(to);
  for (const name of names) symlinkSync(join(from, name), join(to, name));
}

/** Paths of files in the copy that are new or different. */
export function changedFiles(original: string, copy: string): string[] {
  return FOLDERS.flatMap((folder) => filesIn(join(copy, folder)))
    .map((file) => relative(copy, file))
    .filter((path) => read(join(original, path)) !== read(join(copy, path)))
    .sort();
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name === 'node_modules') return [];
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
