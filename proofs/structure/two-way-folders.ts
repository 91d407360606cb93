import { dirname } from 'node:path/posix';
import type { ImportGraph } from './imports.ts';

/** Two folders whose files import each other's, with an example of each direction. A folder is the one that holds the file. */
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

/** No folder of the repository has a space in its name. */
function directionOf(from: string, to: string): string {
  return `${from} ${to}`;
}
