import { parseDocument } from 'yaml';
import { PlanError } from './plan-error.ts';

/**
 * The value of a YAML text with one document.
 * @param schema 'failsafe' returns every scalar as text
 * @param file file name for errors
 * @throws PlanError with the file and, if known, the line
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
    // An alias without its anchor, or aliases that expand to gigabytes.
    throw new PlanError(file, `is not valid YAML (${(error as Error).message})`);
  }
}
