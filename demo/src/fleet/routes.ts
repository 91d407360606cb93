import createGraph from 'ngraph.graph';
import { nba } from 'ngraph.path';
import { neighbours, type Floor } from './floor.ts';

/** The cells of a shortest drive from one cell to another, without the first. */
export type FindRoute = (from: number, to: number) => number[];

/** Routes over a floor's free cells, along rows and columns. Every pair of free cells has one. */
export function createRouteFinder(floor: Floor): FindRoute {
  const graph = createGraph();
  for (const cell of floor.cells) graph.addNode(cell);
  for (const cell of floor.cells) {
    for (const next of neighbours(cell, floor.columns, floor.rows)) {
      if (next > cell && floor.isFree(next)) graph.addLink(cell, next);
    }
  }
  const distance = (from: number, to: number) =>
    Math.abs((from % floor.columns) - (to % floor.columns)) +
    Math.abs(Math.floor(from / floor.columns) - Math.floor(to / floor.columns));
  const finder = nba(graph, { heuristic: (from, to) => distance(Number(from.id), Number(to.id)) });
  // ngraph.path answers from the destination back to the start.
  return (from, to) =>
    finder
      .find(from, to)
      .map((node) => Number(node.id))
      .reverse()
      .slice(1);
}
