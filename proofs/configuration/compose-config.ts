import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { REPOSITORY } from './compose-file.ts';

/** A service as compose runs it, after overrides and variables. */
export interface ResolvedService {
  image: string;
  build?: { context: string; dockerfile: string; target?: string };
  pull_policy?: string;
  command?: string[] | null;
  entrypoint?: string[] | null;
  environment?: Record<string, string | null>;
  ports?: { host_ip?: string; published?: string; target: number }[];
  volumes?: { type: string; source: string; target: string; read_only?: boolean }[];
  depends_on?: Record<string, { condition: string; restart?: boolean }>;
  restart?: string;
  healthcheck?: { test: string[]; interval?: string };
  mem_limit?: string;
  cap_drop?: string[];
  cap_add?: string[];
  security_opt?: string[];
  read_only?: boolean;
  privileged?: boolean;
  tmpfs?: string[];
  user?: string;
  network_mode?: string;
  logging?: { driver: string; options: Record<string, string> };
}

export interface ResolvedCompose {
  name: string;
  services: Record<string, ResolvedService>;
  volumes: Record<string, unknown>;
}

const GO_FOLDER = join(REPOSITORY, '.ci/go');

/** Go is not needed to run Floorwatch, only to check its compose and workflow files with the programs that read them. */
export const hasGo = spawnSync('go', ['version']).status === 0;

/** Runs a program of a module in .ci/go. @throws with its standard error */
export function runGo(module: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const { PATH = '', HOME = '' } = process.env;
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('GO')));
  return execFileSync('go', ['-C', join(GO_FOLDER, module), ...args], {
    encoding: 'utf8',
    env: { PATH, HOME, ...own, ...env },
  });
}

/**
 * What `docker compose config` says about the files, from compose's own module.
 * @throws with compose's message when a file is invalid
 */
export function resolveCompose(files: readonly string[], env: Readonly<Record<string, string>> = {}): ResolvedCompose {
  const paths = files.map((file) => join(REPOSITORY, file));
  return JSON.parse(runGo('compose-config', ['run', '.', ...paths], env)) as ResolvedCompose;
}
