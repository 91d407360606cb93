import createGraph from 'ngraph.graph';
import { nba } from 'ngraph.path';
import { neighbours, type Floor } from './floor.ts';

/** Finds the cells of a shortest route from one cell to another, without the first cell. */
export type FindRoute = (from: number, to: number) => number[];

/** Finds routes over the free cells of a floor, along rows and columns. Every pair of free cells has a route. */
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
  // ngraph.path returns the route from the destination to the start.
  return (from, to) =>
    finder
      .find(from, to)
      .map((node) => Number(node.id))
      .reverse()
      .slice(1);
}
