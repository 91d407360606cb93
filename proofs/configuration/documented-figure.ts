import { readText } from './compose-file.ts';

/** A number that a document claims. @throws Error when no text of the document matches */
export function documentedFigure(document: string, pattern: RegExp): number {
  const found = pattern.exec(readText(document).replaceAll(/\s+/g, ' '))?.[1];
  if (found === undefined) throw new Error(`${document} does not say ${String(pattern)}.`);
  return Number(found);
}
