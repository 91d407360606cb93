import { useMemo, useState } from 'react';
import { locationService } from '@grafana/runtime';

import { kindOfVariable } from './variableKind';

/** Grafana's own value for 'All'. */
const ALL = '$__all';

export interface Selection {
  robotIds: ReadonlySet<string>;
  /** @returns those that are selected now: a variable may hold no more than one */
  select: (robotIds: readonly string[]) => readonly string[];
}

interface VariableSelection extends Selection {
  /** One sentence; '' when nothing is wrong. */
  problem: string;
}

/**
 * Selected robots; with a variable they live in the dashboard's address, so that other panels filter by them.
 * @param variable name of the dashboard variable; '' for none
 * @param variableText the variable interpolated as `queryparam`
 */
export function useSelection(variable: string, variableText: string): VariableSelection {
  const [own, setOwn] = useState<readonly string[]>([]);
  // Grafana leaves a variable that it does not know as it stands; one that the address does not hold is empty.
  const isKnown = variable !== '' && variableText.startsWith('var-');
  const [isTooMany, setTooMany] = useState(false);
  const robotIds = useMemo(() => new Set(isKnown ? parseIds(variableText) : own), [isKnown, variableText, own]);
  const select = (ids: readonly string[]) => {
    setOwn(ids);
    if (!isKnown) return ids;
    const { isMulti, hasAll } = kindOfVariable(variable);
    setTooMany(!isMulti && ids.length > 1);
    const held = isMulti ? ids : ids.slice(-1);
    locationService.partial({ [`var-${variable}`]: held.length > 0 ? held : hasAll ? ALL : '' }, true);
    return held;
  };
  const problem =
    variable === ''
      ? ''
      : !isKnown
        ? `The dashboard has no variable ${variable} in its address: the selection stays on this map, other panels do not follow it.`
        : isTooMany
          ? `The variable ${variable} holds one robot only: let it have multiple values to select more.`
          : '';
  return { robotIds, select, problem };
}

/** The ids in a variable interpolated as `queryparam`, as in `var-robot=a&var-robot=b`; none when it means all. */
export function parseIds(variableText: string): string[] {
  if (!variableText.startsWith('var-')) return [];
  return [...new URLSearchParams(variableText).values()].filter((id) => id !== '' && id !== ALL && id !== 'All');
}
