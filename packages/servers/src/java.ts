import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PartUnavailableError } from './part-error.ts';

const MINIMUM_JAVA_VERSION = 17;

/**
 * The `java` command, checked.
 * @throws PartUnavailableError when there is none, or one too old for Kafka 4
 */
export async function requireJava(part: string, remedy: string): Promise<string> {
  const command = 'java';
  const { stderr } = await promisify(execFile)(command, ['-version']).catch(() => {
    throw new PartUnavailableError(part, `Java ${MINIMUM_JAVA_VERSION} is not installed`, remedy);
  });
  const version = Number(/version "(\d+)/.exec(stderr)?.[1]);
  if (version < MINIMUM_JAVA_VERSION) {
    throw new PartUnavailableError(part, `Java ${version} is too old, ${MINIMUM_JAVA_VERSION} is needed`, remedy);
  }
  return command;
}
