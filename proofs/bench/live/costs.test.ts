import { expect, test } from 'vitest';
import { parseProcess, processCpu, processLines } from './costs.ts';

const stat = (name: string) => `4711 (${name}) S 42 4711 4711 0 -1 4194560 100 200 0 0 150 50 7 9 20 0 11 0 1000`;

test('a process has the CPU time of its threads, and not of its children', () => {
  expect(parseProcess(stat('Tab (1) x'), '/usr/bin/java\0-jar\0x.jar\0')).toEqual({
    ...{ parent: 42, name: 'java', cpuSeconds: 2 },
  });
});

test('a script names its process, and a browser names what each of its processes does', () => {
  const nameOf = (commandLine: string) => parseProcess(stat('x'), commandLine).name;
  expect(nameOf('/opt/bin/node\0--flag\0/a/ingestor/src/main.ts\0run\0')).toBe('ingestor/src/main.ts');
  expect(nameOf('/usr/lib/chromium --type=gpu-process --no-sandbox')).toBe('chromium gpu-process');
});

test('this process is among its own, and the dearest comes first', () => {
  expect([...processCpu().values()].reduce((sum, seconds) => sum + seconds, 0)).toBeGreaterThan(0);
  const lines = processLines(
    new Map([['a', 10]]),
    new Map([
      ['a', 11],
      ['b', 3],
    ]),
    0.5
  );
  expect(lines).toEqual(['   6.0 CPU-seconds per minute: b', '   2.0 CPU-seconds per minute: a']);
});
