import type { Values } from './config.ts';

/** Settings that are right each by itself but not together; one sentence each. */
export function contradictionsOf(v: Values): string[] {
  const formats = v.TOPIC_FORMATS ?? [];
  const uses = (format: string): boolean => formats.some(([, name]) => name === format);
  const unread = formats.map(([topic]) => topic).filter((topic) => !v.KAFKA_TOPIC.includes(topic));
  const rules: [broken: boolean, sentence: string][] = [
    [
      v.CLICKHOUSE_REQUEST_TIMEOUT_MS >= v.KAFKA_SESSION_TIMEOUT_MS,
      'CLICKHOUSE_REQUEST_TIMEOUT_MS must be below KAFKA_SESSION_TIMEOUT_MS, or a slow insert could outlive its owner',
    ],
    [unread.length > 0, `TOPIC_FORMATS must name topics of KAFKA_TOPIC, not ${unread.join(', ')}`],
    [
      uses('registry') && v.SCHEMA_REGISTRY_URL === undefined,
      'SCHEMA_REGISTRY_URL must be set for the registry topics of TOPIC_FORMATS',
    ],
    [
      uses('massrobotics') && v.MASSROBOTICS_DATUMS_FILE === undefined,
      'MASSROBOTICS_DATUMS_FILE must be set for the massrobotics topics of TOPIC_FORMATS: metres are never assumed',
    ],
  ];
  return rules.filter(([broken]) => broken).map(([, sentence]) => sentence);
}
