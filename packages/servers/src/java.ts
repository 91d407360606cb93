import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ComponentUnavailableError } from './errors.ts';

const MINIMUM_JAVA_VERSION = 17;

/**
 * Finds the `java` command and checks its version.
 * @throws ComponentUnavailableError when Java is missing, or too old for Kafka 4
 */
export async function requireJava(component: string, remedy: string): Promise<string> {
  const command = 'java';
  const { stderr } = await promisify(execFile)(command, ['-version']).catch(() => {
    throw new ComponentUnavailableError(component, `Java ${MINIMUM_JAVA_VERSION} is not installed`, remedy);
  });
  const version = Number(/version "(\d+)/.exec(stderr)?.[1]);
  if (version < MINIMUM_JAVA_VERSION) {
    throw new ComponentUnavailableError(
      component,
      `Java ${version} is too old, Java ${MINIMUM_JAVA_VERSION} or newer is required`,
      remedy
    );
  }
  return command;
}
