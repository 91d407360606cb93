import { distance } from 'fastest-levenshtein';
import { SECRETS, VARIABLES } from './variables.ts';

/** A variable that looks like one of ours and is not read. */
export interface UnknownVariable {
  name: string;
  /** What it was probably meant to be. */
  meant: string;
}

/** As far apart as a slip of the keyboard leaves two names, or a missing plural. */
const MAX_EDITS = 2;

/** Variables that the environment holds to no effect: misspelt ones, and files for what is not read from files. */
export function unknownVariables(env: Readonly<Record<string, string | undefined>>): UnknownVariable[] {
  const known = [...Object.keys(VARIABLES), ...[...SECRETS].map((name) => `${name}_FILE`)];
  const families = new Set(known.map(family));
  return Object.keys(env)
    .filter((name) => !known.includes(name) && families.has(family(name)) && family(name) !== 'OTEL')
    .flatMap((name) => {
      const direct = known.find((each) => name === `${each}_FILE`);
      const meant = direct ?? known.find((each) => distance(name, each) <= MAX_EDITS);
      return meant === undefined ? [] : [{ name, meant }];
    });
}

function family(name: string): string {
  return name.split('_')[0] ?? '';
}
