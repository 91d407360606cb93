import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { guard, unguard } from './guard.ts';
import { ComponentUnavailableError } from './errors.ts';
import { STATE_DIR } from './paths.ts';

/** `copy` for jars, `unpack` for an archive that contains an application. */
type Goal = 'copy-dependencies' | 'unpack-dependencies';

/**
 * Downloads the dependencies of a pom.xml at the first call, into a folder that is named after the content of the pom.
 * Two processes can do this at the same time: each fills its own folder, and the first one to rename it wins.
 * @returns the folder
 * @throws ComponentUnavailableError when Maven is missing or cannot download
 */
export async function mavenArtifacts(component: string, pomFile: string, goal: Goal, remedy: string): Promise<string> {
  const digest = createHash('sha256').update(readFileSync(pomFile)).digest('hex').slice(0, 12);
  const cacheDir = join(STATE_DIR, 'maven');
  const artifactsDir = join(cacheDir, `${component.toLowerCase().replaceAll(' ', '-')}-${digest}`);
  if (existsSync(artifactsDir)) return artifactsDir;

  mkdirSync(cacheDir, { recursive: true });
  const downloadDir = mkdtempSync(join(cacheDir, '.download-'));
  try {
    await runMaven(component, remedy, [
      ...['-q', '-B', '-f', pomFile, `dependency:${goal}`, '-DincludeScope=runtime'],
      `-DoutputDirectory=${downloadDir}`,
      // By default Maven writes its unpack markers beside the pom.
      `-DmarkersDirectory=${join(downloadDir, '.markers')}`,
    ]);
    renameSync(downloadDir, artifactsDir);
  } catch (error) {
    rmSync(downloadDir, { recursive: true, force: true });
    if (!existsSync(artifactsDir)) throw error;
  }
  return artifactsDir;
}

function runMaven(component: string, remedy: string, args: readonly string[]): Promise<void> {
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
      reject(new ComponentUnavailableError(component, 'Maven (mvn) is not installed', remedy));
    });
    maven.once('close', (code) => {
      if (maven.pid !== undefined) unguard(maven.pid);
      if (code === 0) resolve();
      else
        reject(
          new ComponentUnavailableError(component, `Maven cannot download its jars: ${firstError(output)}`, remedy)
        );
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
