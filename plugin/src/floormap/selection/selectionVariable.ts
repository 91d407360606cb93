import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { getTemplateSrv, locationService } from '@grafana/runtime';

/** Grafana's own value for 'All'. */
const ALL = '$__all';

/** The dashboard variable that holds the selected robots, so that other panels filter by them. */
export interface SelectionVariable {
  /** The robots in it; null where the dashboard has no such variable in its address. */
  robotIds: readonly string[] | null;
  /** As many robots as it can hold, asked when it is needed: a dashboard may change its variables. */
  mostRobots: () => number;
  write: (robotIds: readonly string[]) => void;
  /** One sentence; '' when nothing is wrong. */
  problem: string;
  /** One sentence for a selection that it could not hold. */
  cutProblem: string;
}

/**
 * @param variable name of the dashboard variable; '' for none
 * @param variableText the variable interpolated as `queryparam`
 */
export function useSelectionVariable(variable: string, variableText: string): SelectionVariable {
  // Grafana leaves a variable that it does not know as it stands; one that the address does not hold is empty.
  const isKnown = variable !== '' && variableText.startsWith('var-');
  const inAddress = useAddress(isKnown ? `var-${variable}` : '');
  const robotIds = useMemo(
    () => (isKnown ? parseIds(inAddress || variableText) : null),
    [isKnown, inAddress, variableText]
  );
  return {
    robotIds,
    mostRobots: () => (isKnown && !kindOfVariable(variable).isMulti ? 1 : Infinity),
    write: (ids) => {
      if (!isKnown) return;
      const none = kindOfVariable(variable).hasAll ? ALL : '';
      locationService.partial({ [`var-${variable}`]: ids.length > 0 ? ids : none }, true);
    },
    problem:
      variable === '' || isKnown
        ? ''
        : `The dashboard has no variable ${variable} in its address: the selection stays on this map, other panels do not follow it.`,
    cutProblem: `The variable ${variable} holds one robot only: let it have multiple values to select more.`,
  };
}

/**
 * What the page's address says of a parameter, as `name=a&name=b`; '' when it says nothing. A dashboard
 * keeps its variables in the address, which reports each change; a panel whose query does not use a variable gets no other.
 */
function useAddress(name: string): string {
  const listen = useCallback(
    (onChange: () => void) => (name === '' ? () => undefined : locationService.getHistory().listen(onChange)),
    [name]
  );
  return useSyncExternalStore(listen, () => {
    const values = name === '' ? [] : locationService.getSearch().getAll(name);
    return new URLSearchParams(values.map((value) => [name, value])).toString();
  });
}

/** The ids in a variable as the address holds it, as in `var-robot=a&var-robot=b`; none when it means all. */
export function parseIds(variableText: string): string[] {
  if (!variableText.startsWith('var-')) return [];
  return [...new URLSearchParams(variableText).values()].filter((id) => id !== '' && id !== ALL && id !== 'All');
}

/** What a dashboard variable can hold; an unknown one can hold everything. */
function kindOfVariable(name: string): { isMulti: boolean; hasAll: boolean } {
  const variables = getTemplateSrv()?.getVariables() ?? [];
  const variable = variables.find((one) => one.name === name);
  if (!variable) return { isMulti: true, hasAll: true };
  const holds = (key: string) => key in variable && (variable as unknown as Record<string, unknown>)[key] === true;
  return { isMulti: holds('multi'), hasAll: holds('includeAll') };
}
