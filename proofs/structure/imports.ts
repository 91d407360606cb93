import { cruise, type ICruiseResult } from 'dependency-cruiser';

/** The imports of each file. Paths start at the root of the repository. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** Files of the Grafana plugin scaffold, of dependencies and of builds, which are not our source code. */
const NOT_OURS = '(^|/)(node_modules|dist|coverage)/|^plugin/[.]config/';
const EXTENSIONS = ['.ts', '.tsx', '.mjs', '.js'];

/**
 * The imports of the repository, including type-only and dynamic imports (`import()`).
 * @param root folder of the repository
 * @throws when an import of our own files cannot be resolved, because an incomplete graph would hide cycles
 */
export async function readImports(root: string, folders: readonly string[]): Promise<ImportGraph> {
  const { output } = await cruise(
    [...folders],
    { baseDir: root, exclude: { path: NOT_OURS }, tsPreCompilationDeps: true },
    { extensions: EXTENSIONS, exportsFields: ['exports'], conditionNames: ['import', 'types', 'node'] }
  );
  const { modules } = output as ICruiseResult;
  const lost = modules.filter(({ couldNotResolve, source }) => couldNotResolve && /^\.|^@floorwatch\//.test(source));
  if (lost.length > 0)
    throw new Error(`These imports cannot be resolved: ${lost.map(({ source }) => source).join(', ')}`);
  const files = modules.filter(({ source }) => EXTENSIONS.some((ending) => source.endsWith(ending)));
  const known = new Set(files.map(({ source }) => source));
  return new Map(
    files.map(({ source, dependencies }) => [
      source,
      dependencies.map(({ resolved }) => resolved).filter((resolved) => known.has(resolved)),
    ])
  );
}

/** True for tests, and for folders and files that only tests use, such as testFleet.ts. */
export function isTest(file: string): boolean {
  return /\.(test|spec)\.tsx?$|(^|\/)(test|e2e)\/|\/test[A-Z]\w*\.tsx?$/.test(file);
}
