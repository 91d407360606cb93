import { describe, expect, it } from 'vitest';
import { findCycles } from './cycles.ts';
import { isTest } from './imports.ts';
import { findTwoWayFolders } from './two-way-folders.ts';

describe('findCycles', () => {
  it('finds each circular import once, with all of its files', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c', 'e']],
      ['c', ['a']],
      ['d', ['a', 'e']],
      ['e', ['f']],
      ['f', ['e']],
    ]);
    expect(findCycles(graph)).toEqual([
      ['e', 'f'],
      ['a', 'b', 'c'],
    ]);
  });

  it('does not report two import paths to the same file', () => {
    const graph = new Map([
      ['top', ['left', 'right']],
      ['left', ['bottom']],
      ['right', ['bottom', 'left']],
      ['bottom', []],
    ]);
    expect(findCycles(graph)).toEqual([]);
  });

  it('finds a file that imports itself', () => {
    expect(findCycles(new Map([['a', ['a']]]))).toEqual([['a']]);
  });
});

describe('findTwoWayFolders', () => {
  it('reports a pair of folders once, with an import in each direction', () => {
    const graph = new Map([
      ['x/a.ts', ['y/b.ts']],
      ['y/c.ts', ['x/d.ts', 'z/e.ts']],
    ]);
    expect(findTwoWayFolders(graph)).toEqual([
      { folders: ['x', 'y'], imports: ['x/a.ts imports y/b.ts', 'y/c.ts imports x/d.ts'] },
    ]);
  });

  it('reports a folder and its parent', () => {
    const graph = new Map([
      ['x/a.ts', ['x/y/b.ts']],
      ['x/y/c.ts', ['x/d.ts']],
    ]);
    expect(findTwoWayFolders(graph)).toHaveLength(1);
  });

  it('ignores imports within a folder and imports in one direction', () => {
    const graph = new Map([['x/a.ts', ['x/b.ts', 'x/y/c.ts']]]);
    expect(findTwoWayFolders(graph)).toEqual([]);
  });
});

it.each([
  ['ingestor/src/config/config.test.ts', true],
  ['ingestor/test/command.ts', true],
  ['e2e/world.ts', true],
  ['proofs/test/smoke.test.ts', true],
  ['ingestor/src/config/config.ts', false],
  ['plugin/src/floormap/fleet/testFleet.ts', true],
  ['plugin/src/latest/testimony.ts', false],
])('%s is a test: %s', (file, expected) => {
  expect(isTest(file)).toBe(expected);
});
