import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from './command.ts';

/** No server is needed: each of these commands ends before it connects. */
const folder = mkdtempSync(join(tmpdir(), 'floorwatch-command-'));
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  writeFileSync(at('hall.pgm'), `P2\n4 2\n255\n${'0 '.repeat(8)}`);
  writeFileSync(at('hall.yaml'), 'image: hall.pgm\nresolution: "5e-1"\norigin: [1, 2, 0]\nnegate: 0\n');
  writeFileSync(at('points.csv'), `x,y\n${'1,2\n'.repeat(50_000)}`);
  writeFileSync(at('one.csv'), 'x,y\n2,2.5\n');
  writeFileSync(at('zones.json'), '{"type":"FeatureCollection","features":[]}');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('geometry --json prints one line of JSON and nothing else', async () => {
  const { code, stdout, stderr } = await runCommand(
    ['geometry', '--map', at('hall.yaml'), '--points', at('one.csv'), '--json'],
    {}
  );
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toBe('{"points":[{"x":2,"y":2.5,"u":2,"v":1}]}\n');
});

test('a command whose output pipe is closed ends without a stack', async () => {
  const main = join(import.meta.dirname, '../src/main.ts');
  const child = spawn(process.execPath, [main, 'geometry', '--map', at('hall.yaml'), '--points', at('points.csv')]);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.once('data', () => child.stdout.destroy());
  const [code] = (await once(child, 'close')) as [number];
  expect([code, stderr]).toEqual([141, '']);
});

test.each([
  [
    'a file that is not there',
    ['geometry', '--format', 'lif', '--file', 'absent.lif'],
    /^absent\.lif: .*no such file in /,
  ],
  ['options of two uses', ['geometry', '--map', 'a', '--points', 'b', '--format', 'lif'], /^error: give --map and/],
  [
    'datums that are not used',
    ['geometry', '--format', 'lif', '--file', 'a', '--datums', 'b'],
    /^error: give --map and/,
  ],
  [
    'a limit that is no number',
    ['dead-letters', 'list', '--limit', 'many'],
    /'--limit <n>' argument 'many' is invalid/,
  ],
  ['a keeper without a cluster', ['migrate', '--no-keeper'], /^error: --no-keeper is for --cluster/],
  [
    'an empty name of a map',
    ['floorplan', 'import', at('hall.yaml'), '--map-id', ''],
    /'--map-id <id>' argument '' is/,
  ],
  ['a picture without its map', ['floorplan', 'import', at('hall.pgm')], /hall\.pgm is an image without a position/],
  [
    'a site for zones',
    ['floorplan', 'import', at('zones.json'), '--site-id', 's'],
    /--site-id and --name are for a ROS/,
  ],
  ['a plan to replace', ['floorplan', 'import', at('hall.yaml'), '--replace'], /--replace is for shapes/],
])('%s: one sentence of error, exit code 1 and nothing on standard output', async (_, args, problem) => {
  const { code, stdout, stderr } = await runCommand(args, {});
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(problem);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});
