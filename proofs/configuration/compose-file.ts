import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

/** A service of docker-compose.yml, with merge keys resolved and ${VARIABLES} not replaced. */
export interface ComposeService {
  image: string;
  pull_policy?: string;
  build?: { context: string; dockerfile: string; target?: string };
  command?: string[];
  entrypoint?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  restart?: string;
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
}

export const REPOSITORY = resolve(import.meta.dirname, '../..');

export function readText(path: string): string {
  return readFileSync(join(REPOSITORY, path), 'utf8');
}

/** A number that a document claims. @throws Error when no text of the document matches */
export function documentedFigure(document: string, pattern: RegExp): number {
  const found = pattern.exec(readText(document).replaceAll(/\s+/g, ' '))?.[1];
  if (found === undefined) throw new Error(`${document} does not say ${String(pattern)}.`);
  return Number(found);
}

export function readCompose(): { services: Record<string, ComposeService>; volumes: Record<string, unknown> } {
  return parse(readText('docker-compose.yml'), { merge: true }) as ReturnType<typeof readCompose>;
}

/** docker-compose.secure.yml alone: what it adds to docker-compose.yml or replaces there. */
export function readSecure(): { services: Record<string, Partial<ComposeService>>; volumes: Record<string, unknown> } {
  return parse(readText('docker-compose.secure.yml'), {
    merge: true,
    // Tells compose to replace a list.
    customTags: [{ tag: '!override', collection: 'seq' }],
  }) as ReturnType<typeof readSecure>;
}
