import { useMemo, useState } from 'react';
import { locationService } from '@grafana/runtime';

/** Grafana's own value for 'All'. */
const ALL = '$__all';

export interface Selection {
  robotIds: ReadonlySet<string>;
  select: (robotIds: readonly string[]) => void;
}

/**
 * Selected robots; with a variable they live in the dashboard's address, so that other panels filter by them.
 * @param variable name of the dashboard variable; '' for none
 * @param variableText the variable interpolated as `queryparam`
 */
export function useSelection(variable: string, variableText: string): Selection {
  const [own, setOwn] = useState<readonly string[]>([]);
  const robotIds = useMemo(() => new Set(variable ? parseIds(variableText) : own), [variable, variableText, own]);
  const select = (ids: readonly string[]) => {
    setOwn(ids);
    if (variable) locationService.partial({ [`var-${variable}`]: ids.length > 0 ? ids : ALL }, true);
  };
  return { robotIds, select };
}

/** The ids in a variable interpolated as `queryparam`, as in `var-robot=a&var-robot=b`; none when it means all. */
export function parseIds(variableText: string): string[] {
  if (!variableText.startsWith('var-')) return [];
  return [...new URLSearchParams(variableText).values()].filter((id) => id !== '' && id !== ALL && id !== 'All');
}
