import { distance } from 'fastest-levenshtein';
import { SECRETS, VARIABLES } from './variables.ts';

/** A variable with a name similar to one of ours, which is not read. */
export interface UnknownVariable {
  name: string;
  /** The variable that was probably meant. */
  meant: string;
}

/** The edit distance of a typing error, or of a missing plural. */
const MAX_EDITS = 2;

/** Variables in the environment without an effect: misspelt names, and `_FILE` variables of values that are not read from files. */
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
