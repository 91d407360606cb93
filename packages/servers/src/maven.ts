import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { guard, unguard } from './guard.ts';
import { PartUnavailableError } from './part-error.ts';
import { STATE_DIR } from './paths.ts';

/** `copy` for jars as they are, `unpack` for an archive with a whole application in it. */
type Goal = 'copy-dependencies' | 'unpack-dependencies';

/**
 * The folder with what a pom.xml depends on, downloaded at the first call and named after the pom's content.
 * Two processes may do it at once: each fills a folder of its own, and the first to rename it into place wins.
 * @throws PartUnavailableError when Maven is missing or cannot download
 */
export async function mavenArtifacts(part: string, pomFile: string, goal: Goal, remedy: string): Promise<string> {
  const digest = createHash('sha256').update(readFileSync(pomFile)).digest('hex').slice(0, 12);
  const cacheDir = join(STATE_DIR, 'maven');
  const artifactsDir = join(cacheDir, `${part.toLowerCase().replaceAll(' ', '-')}-${digest}`);
  if (existsSync(artifactsDir)) return artifactsDir;

  mkdirSync(cacheDir, { recursive: true });
  const downloadDir = mkdtempSync(join(cacheDir, '.download-'));
  try {
    await runMaven(part, remedy, [
      ...['-q', '-B', '-f', pomFile, `dependency:${goal}`, '-DincludeScope=runtime'],
      `-DoutputDirectory=${downloadDir}`,
      // Maven's own notes of what it has unpacked, which it would write beside the pom.
      `-DmarkersDirectory=${join(downloadDir, '.markers')}`,
    ]);
    renameSync(downloadDir, artifactsDir);
  } catch (error) {
    rmSync(downloadDir, { recursive: true, force: true });
    if (!existsSync(artifactsDir)) throw error;
  }
  return artifactsDir;
}

function runMaven(part: string, remedy: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const maven = spawn('mvn', args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    if (maven.pid !== undefined) guard(maven.pid);
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    maven.stdout.on('data', collect);
    maven.stderr.on('data', collect);
    maven.once('error', () => {
      reject(new PartUnavailableError(part, 'Maven (mvn) is not installed', remedy));
    });
    maven.once('close', (code) => {
      if (maven.pid !== undefined) unguard(maven.pid);
      if (code === 0) resolve();
      else reject(new PartUnavailableError(part, `Maven cannot download it: ${firstError(output)}`, remedy));
    });
  });
}

function firstError(mavenOutput: string): string {
  return (
    mavenOutput
      .split('\n')
      .find((line) => line.includes('ERROR'))
      ?.slice(0, 300) ?? 'no message'
  );
}
