import type { ImportGraph } from './imports.ts';

/** Groups of files with circular imports (strongly connected components, Tarjan 1972). */
export function findCycles(graph: ImportGraph): string[][] {
  const indexes = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const cycles: string[][] = [];

  const visit = (file: string): number => {
    const index = indexes.size;
    indexes.set(file, index);
    lowest.set(file, index);
    open.push(file);
    const imports = graph.get(file) ?? [];
    for (const imported of imports) {
      const reached = indexes.has(imported)
        ? open.includes(imported)
          ? (indexes.get(imported) ?? index)
          : index
        : visit(imported);
      lowest.set(file, Math.min(lowest.get(file) ?? index, reached));
    }
    const low = lowest.get(file) ?? index;
    if (low === index) {
      const group = open.splice(open.indexOf(file));
      if (group.length > 1 || imports.includes(file)) cycles.push(group.sort());
    }
    return low;
  };

  for (const file of graph.keys()) if (!indexes.has(file)) visit(file);
  return cycles;
}
