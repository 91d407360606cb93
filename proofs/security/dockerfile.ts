import { matchesGlob } from 'node:path/posix';

/** One instruction of a Dockerfile, such as `COPY` and what follows it. */
interface Instruction {
  name: string;
  rest: string;
}

/** Instructions of a Dockerfile, without comments and with continued lines joined. */
export function instructionsOf(dockerfile: string): Instruction[] {
  const lines = dockerfile
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n/g, ' ');
  return [...lines.matchAll(/^\s*([A-Za-z]+)\s+(.*)$/gm)].map(([, name = '', rest = '']) => ({
    name: name.toUpperCase(),
    rest,
  }));
}

/** Files and folders of the build context that a Dockerfile copies into a stage; what another stage gives is none of them. */
export function sourcesOf(dockerfile: string): string[] {
  return instructionsOf(dockerfile)
    .filter(({ name, rest }) => (name === 'COPY' || name === 'ADD') && !rest.includes('--from='))
    .flatMap(({ rest }) =>
      rest
        .split(/\s+/)
        .filter((word) => word !== '' && !word.startsWith('--'))
        .slice(0, -1)
    )
    .map((source) => source.replace(/^\.?\//, '').replace(/\/$/, ''));
}

/**
 * Whether `.dockerignore` keeps a file out of the build context. The last pattern that fits decides; a pattern fits a file if it
 * fits the file or a folder that contains it.
 * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export function isIgnored(file: string, dockerignore: string): boolean {
  const parts = file.split('/');
  const paths = parts.map((_, i) => parts.slice(0, i + 1).join('/'));
  const patterns = dockerignore
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  return patterns.reduce((ignored, pattern) => {
    const glob = pattern.replace(/^!/, '').replace(/^\//, '').replace(/\/$/, '');
    return paths.some((path) => matchesGlob(path, glob)) ? !pattern.startsWith('!') : ignored;
  }, false);
}

/** Whether a build would copy this file of the checkout. */
export function isCopied(file: string, sources: readonly string[], dockerignore: string): boolean {
  const isNamed = sources.some(
    (source) =>
      source === '.' || source === '' || file === source || file.startsWith(`${source}/`) || matchesGlob(file, source)
  );
  return isNamed && !isIgnored(file, dockerignore);
}
