import { dirname } from 'node:path/posix';
import type { ImportGraph } from './imports.ts';

/** Two folders whose files import each other, with an example for each direction. Subfolders are separate folders. */
export interface TwoWayFolders {
  folders: readonly [string, string];
  imports: readonly [string, string];
}

export function findTwoWayFolders(graph: ImportGraph): TwoWayFolders[] {
  const examples = new Map<string, string>();
  for (const [file, imports] of graph) {
    for (const imported of imports) {
      const direction = directionOf(dirname(file), dirname(imported));
      if (dirname(file) !== dirname(imported)) examples.set(direction, `${file} imports ${imported}`);
    }
  }
  return [...examples].flatMap(([direction, there]) => {
    const [from = '', to = ''] = direction.split(' ');
    const back = from < to ? examples.get(directionOf(to, from)) : undefined;
    return back === undefined ? [] : [{ folders: [from, to], imports: [there, back] } as const];
  });
}

/** No folder name in the repository contains a space. */
function directionOf(from: string, to: string): string {
  return `${from} ${to}`;
}
