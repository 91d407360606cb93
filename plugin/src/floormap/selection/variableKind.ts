import { getTemplateSrv } from '@grafana/runtime';

export interface VariableKind {
  /** It holds several values. */
  isMulti: boolean;
  /** It has Grafana's own value for 'All'. */
  hasAll: boolean;
}

/** What a dashboard variable can hold; of one that nobody can describe, everything. */
export function kindOfVariable(name: string): VariableKind {
  const variables = getTemplateSrv()?.getVariables() ?? [];
  const variable = variables.find((one) => one.name === name);
  if (!variable) return { isMulti: true, hasAll: true };
  const holds = (key: string) => key in variable && (variable as unknown as Record<string, unknown>)[key] === true;
  return { isMulti: holds('multi'), hasAll: holds('includeAll') };
}
