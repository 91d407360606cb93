import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PartUnavailableError } from './part-error.ts';
import { STATE_DIR } from './paths.ts';

/**
 * The folder with the jars that a pom.xml names, downloaded at the first call and named after the pom's content.
 * Two processes may do it at once: each fills a folder of its own, and the first to rename it into place wins.
 * @throws PartUnavailableError when Maven is missing or cannot download
 */
export async function mavenJars(part: string, pomFile: string, remedy: string): Promise<string> {
  const digest = createHash('sha256').update(readFileSync(pomFile)).digest('hex').slice(0, 12);
  const cacheDir = join(STATE_DIR, 'jars');
  const jarsDir = join(cacheDir, `${part.toLowerCase().replaceAll(' ', '-')}-${digest}`);
  if (existsSync(jarsDir)) return jarsDir;

  mkdirSync(cacheDir, { recursive: true });
  const downloadDir = mkdtempSync(join(cacheDir, '.download-'));
  try {
    await copyDependencies(part, pomFile, downloadDir, remedy);
    renameSync(downloadDir, jarsDir);
  } catch (error) {
    rmSync(downloadDir, { recursive: true, force: true });
    if (!existsSync(jarsDir)) throw error;
  }
  return jarsDir;
}

function copyDependencies(part: string, pomFile: string, outputDir: string, remedy: string): Promise<void> {
  const args = ['-q', '-B', '-f', pomFile, 'dependency:copy-dependencies', '-DincludeScope=runtime'];
  return new Promise((resolve, reject) => {
    const maven = spawn('mvn', [...args, `-DoutputDirectory=${outputDir}`], { stdio: ['ignore', 'pipe', 'pipe'] });
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
      if (code === 0) resolve();
      else reject(new PartUnavailableError(part, `Maven cannot download the jars: ${firstError(output)}`, remedy));
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
