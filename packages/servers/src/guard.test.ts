import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';

const GUARD = join(import.meta.dirname, 'guard.ts');

test('a process that is killed leaves no temporary folder behind, except one that it keeps', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'floorwatch-guard-'));
  try {
    const script = `
      const { keepFolder, temporaryFolder } = await import(${JSON.stringify(GUARD)});
      const [removed, kept] = ['removed', 'kept'].map((name) => temporaryFolder(name, ${JSON.stringify(parent)}));
      keepFolder(kept);
      console.log(JSON.stringify([removed, kept]));
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [removed = '', kept = ''] = await new Promise<string[]>((resolve) =>
      child.stdout.once('data', (text: Buffer) => {
        resolve(JSON.parse(text.toString()) as string[]);
      })
    );
    writeFileSync(join(removed, 'part.bin'), 'data');
    child.kill('SIGKILL');
    await vi.waitFor(() => {
      expect(existsSync(removed)).toBe(false);
    }, 60_000);
    expect(existsSync(kept)).toBe(true);
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}, 90_000);
