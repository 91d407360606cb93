import { useMemo, useState } from 'react';
import { locationService } from '@grafana/runtime';

/** Grafana's own value for 'All'. */
const ALL = '$__all';

export interface Selection {
  robotIds: ReadonlySet<string>;
  select: (robotIds: readonly string[]) => void;
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
  // Grafana leaves a variable that it does not know as it stands.
  const isKnown = variable !== '' && !variableText.startsWith('${');
  const robotIds = useMemo(() => new Set(isKnown ? parseIds(variableText) : own), [isKnown, variableText, own]);
  const select = (ids: readonly string[]) => {
    setOwn(ids);
    if (isKnown) locationService.partial({ [`var-${variable}`]: ids.length > 0 ? ids : ALL }, true);
  };
  const problem =
    variable === '' || isKnown
      ? ''
      : `The dashboard has no variable ${variable}: the selection stays on this map, other panels do not follow it.`;
  return { robotIds, select, problem };
}

/** The ids in a variable interpolated as `queryparam`, as in `var-robot=a&var-robot=b`; none when it means all. */
export function parseIds(variableText: string): string[] {
  if (!variableText.startsWith('var-')) return [];
  return [...new URLSearchParams(variableText).values()].filter((id) => id !== '' && id !== ALL && id !== 'All');
}
