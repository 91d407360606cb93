import { parseDocument } from 'yaml';
import { PlanError } from './plan-error.ts';

/**
 * The value of a YAML text that holds one document.
 * @param schema 'failsafe' leaves every scalar as the text that it is, quoted or not
 * @param file the name that errors carry
 * @throws PlanError naming the file, and the line where there is one
 */
export function readYaml(text: string, file: string, schema: 'core' | 'failsafe' = 'core'): unknown {
  const document = parseDocument(text, { schema });
  const [problem] = document.errors;
  if (problem?.code === 'MULTIPLE_DOCS') throw new PlanError(file, 'is more than one YAML document: one is expected');
  if (problem) {
    const [sentence = ''] = problem.message.split('\n', 1);
    throw new PlanError(file, `is not valid YAML (${sentence.replace(/:$/, '')})`);
  }
  try {
    return document.toJS();
  } catch (error) {
    // An alias without its anchor, or aliases that unfold to gigabytes.
    throw new PlanError(file, `is not valid YAML (${(error as Error).message})`);
  }
}
