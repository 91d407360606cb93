import type { Config } from '../config/config.ts';
import type { TOPIC_FORMATS } from '../config/variables.ts';
import { jsonReader, readerOf } from '../decode/json.ts';
import type { MessageReader } from '../decode/message-reader.ts';
import { topicFormat, type Additions, type Enrich, type TopicFormat } from '../decode/topic-format.ts';
import { normaliseMassRobotics } from '../formats/massrobotics.ts';
import { parsePlanarDatums } from '../formats/planar-datums.ts';
import { normaliseVda5050State } from '../formats/vda5050.ts';
import { maskedFormat } from '../masking/masked-format.ts';
import { SchemaRegistryClient } from '../schema-registry/registry-client.ts';
import { RegistryReader } from '../schema-registry/registry-reader.ts';

/**
 * The format of each topic. The default is JSON. With masking, every format is masked.
 * @param enrich adds to each valid event, before masking
 * @throws PlanError naming the invalid field of the datums file
 */
export function topicFormats(config: Config['formats'], enrich?: Enrich): (topic: string) => TopicFormat {
  const { byTopic, masking, storedHeaders } = config;
  const additions: Additions = { enrich, ...(storedHeaders.length > 0 && { storedHeaders }) };
  const formatOf = (reader: MessageReader) =>
    masking ? maskedFormat(reader, masking, additions) : topicFormat(reader, additions);
  const formats = new Map([...byTopic].map(([topic, name]) => [topic, formatOf(readerFor(name, config))]));
  const json = formatOf(jsonReader);
  return (topic) => formats.get(topic) ?? json;
}

type FormatName = (typeof TOPIC_FORMATS)[number];

function readerFor(name: FormatName, { schemaRegistryUrl, massRoboticsDatums }: Config['formats']): MessageReader {
  switch (name) {
    case 'json':
      return jsonReader;
    case 'registry':
      return new RegistryReader(new SchemaRegistryClient(required(schemaRegistryUrl)));
    case 'vda5050':
      return readerOf(normaliseVda5050State);
    case 'massrobotics': {
      const { text, path } = required(massRoboticsDatums);
      const datums = parsePlanarDatums(text, path);
      return readerOf((json) => normaliseMassRobotics(json, datums));
    }
  }
}

/** The configuration is already validated: all settings that a format needs are set. */
function required<T>(setting: T | undefined): T {
  if (setting === undefined) throw new Error('a setting that the format needs was not checked');
  return setting;
}
