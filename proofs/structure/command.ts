import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { Command } from 'commander';

/** Folders and files with source code, from the root of the repository. */
const FOLDERS = [
  'packages',
  'ingestor',
  'demo',
  'plugin',
  'proofs',
  'e2e',
  '.ci',
  'vitest.config.ts',
  'eslint.config.mjs',
];

export function structureCommand(): Command {
  return new Command('structure')
    .description('count circular imports, folders that import each other, and the sizes of source files')
    .option('--json', 'print one JSON object to standard output (values above their limit go to standard error)')
    .action(async ({ json }: { json?: true }) => {
      // Imported here, because the other commands need no parser.
      const [{ readImports }, { LIMITS, structureOf }] = await Promise.all([
        import('./imports.ts'),
        import('./report.ts'),
      ]);
      const { report, problems } = structureOf(REPOSITORY_DIR, await readImports(REPOSITORY_DIR, FOLDERS));
      if (json) console.log(JSON.stringify(report));
      else {
        const limits: Readonly<Record<string, number>> = LIMITS;
        console.table(
          Object.fromEntries(
            Object.entries(report).map(([name, value]) => [
              name,
              { value: value as number | null, limit: limits[name] },
            ])
          )
        );
      }
      for (const problem of problems) console.error(problem);
      process.exitCode = problems.length > 0 ? 1 : 0;
    });
}
