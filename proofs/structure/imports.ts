import { cruise, type ICruiseResult } from 'dependency-cruiser';

/** Files, and which files of the repository each of them imports; paths from the repository's root. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** What the scaffold of Grafana plugins brings is not ours to shape; what is installed or built is no source. */
const NOT_OURS = '(^|/)(node_modules|dist|coverage)/|^plugin/[.]config/';
const EXTENSIONS = ['.ts', '.tsx', '.mjs', '.js'];

/**
 * The imports of the repository, those that only take types and those at run time (`import()`) among them.
 * @param root the repository's folder
 * @throws when an import of a file of ours leads nowhere: a graph with holes would hide cycles
 */
export async function readImports(root: string, folders: readonly string[]): Promise<ImportGraph> {
  const { output } = await cruise(
    [...folders],
    { baseDir: root, exclude: { path: NOT_OURS }, tsPreCompilationDeps: true },
    { extensions: EXTENSIONS, exportsFields: ['exports'], conditionNames: ['import', 'types', 'node'] }
  );
  const { modules } = output as ICruiseResult;
  const lost = modules.filter(({ couldNotResolve, source }) => couldNotResolve && /^\.|^@floorwatch\//.test(source));
  if (lost.length > 0) throw new Error(`these imports lead nowhere: ${lost.map(({ source }) => source).join(', ')}`);
  const files = modules.filter(({ source }) => EXTENSIONS.some((ending) => source.endsWith(ending)));
  const known = new Set(files.map(({ source }) => source));
  return new Map(
    files.map(({ source, dependencies }) => [
      source,
      dependencies.map(({ resolved }) => resolved).filter((resolved) => known.has(resolved)),
    ])
  );
}

/** Tests, and what only tests use: a folder of it, or a file such as testFleet.ts. */
export function isTest(file: string): boolean {
  return /\.(test|spec)\.tsx?$|(^|\/)(test|e2e)\/|\/test[A-Z]\w*\.tsx?$/.test(file);
}
