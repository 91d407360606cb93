import type { Config } from '../config/config.ts';
import { SchemaRegistryClient } from '../schema-registry/registry-client.ts';
import { failed, messageOf, ok, type Finding } from './finding.ts';

/** Checked only if a topic needs it. */
export async function registryFindings({ formats }: Config): Promise<Finding[]> {
  const topics = [...formats.byTopic].filter(([, format]) => format === 'registry').map(([topic]) => topic);
  if (topics.length === 0 || formats.schemaRegistryUrl === undefined) return [];
  const check = 'schema registry';
  try {
    const subjects = await new SchemaRegistryClient(formats.schemaRegistryUrl).subjects();
    return [ok(check, `${subjects} subjects; needed by ${topics.join(', ')}`)];
  } catch (error) {
    return [
      failed(
        check,
        messageOf(error),
        'Check SCHEMA_REGISTRY_URL, user and password. Events wait until the registry responds.'
      ),
    ];
  }
}
