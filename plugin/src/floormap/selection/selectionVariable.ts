import { useMemo, useState } from 'react';
import { t } from '@grafana/i18n';
import { getTemplateSrv } from '@grafana/runtime';
import { UNESCAPED } from '../../grafana/showText';
import { changeAddress, fitsAddress, useAddress } from '../../grafana/address';

/** Grafana's own value for 'All'. */
const ALL = '$__all';

/** The dashboard variable that holds the selected robots, so that other panels filter by them. */
export interface SelectionVariable {
  /** The robots in it; null where the dashboard has no such variable in its address. */
  robotIds: readonly string[] | null;
  /** Those of them that came from outside of this map: from a link, a picker or another panel. */
  arrivedIds: readonly string[];
  /** As many robots as it can hold, asked when it is needed: a dashboard may change its variables. */
  mostRobots: () => number;
  /** False for a selection that is too long for an address. */
  fits: (robotIds: readonly string[]) => boolean;
  write: (robotIds: readonly string[]) => void;
  /** One sentence; '' when nothing is wrong. */
  problem: string;
  /** One sentence for a selection that it could not hold. */
  cutProblem: string;
}

const NONE: readonly string[] = [];

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
  // A selection made on this map must not move it.
  const [written, setWritten] = useState('');
  const isOwn = robotIds !== null && keyOf(robotIds) === written;
  return {
    robotIds,
    arrivedIds: isOwn ? NONE : (robotIds ?? NONE),
    fits: (ids) => !isKnown || fitsAddress(`var-${variable}`, ids),
    mostRobots: () => (isKnown && !kindOfVariable(variable).isMulti ? 1 : Infinity),
    write: (ids) => {
      if (!isKnown) return;
      const none = kindOfVariable(variable).hasAll ? ALL : '';
      setWritten(keyOf(ids));
      changeAddress({ [`var-${variable}`]: ids.length > 0 ? ids : none }, 'new step');
    },
    problem:
      variable === '' || isKnown
        ? ''
        : t(
            'map.selection.unknown',
            'The dashboard has no variable {{variable}} in its address: the selection stays on this map, other panels do not follow it.',
            { variable, ...UNESCAPED }
          ),
    cutProblem: t(
      'map.selection.cut',
      'The variable {{variable}} holds one robot only: let it have multiple values to select more.',
      { variable, ...UNESCAPED }
    ),
  };
}

/** The ids in a variable as the address holds it, as in `var-robot=a&var-robot=b`; none when it means all. */
export function parseIds(variableText: string): string[] {
  if (!variableText.startsWith('var-')) return [];
  return [...new URLSearchParams(variableText).values()].filter((id) => id !== '' && id !== ALL && id !== 'All');
}

function keyOf(robotIds: readonly string[]): string {
  return JSON.stringify(robotIds);
}

/** What a dashboard variable can hold; an unknown one can hold everything. */
function kindOfVariable(name: string): { isMulti: boolean; hasAll: boolean } {
  const variables = getTemplateSrv()?.getVariables() ?? [];
  const variable = variables.find((one) => one.name === name);
  if (!variable) return { isMulti: true, hasAll: true };
  const holds = (key: string) => key in variable && (variable as unknown as Record<string, unknown>)[key] === true;
  return { isMulti: holds('multi'), hasAll: holds('includeAll') };
}
