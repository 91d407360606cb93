import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaClassPath } from '@floorwatch/servers/kafka';

const TOOLS = {
  'kafka-acls': 'org.apache.kafka.tools.AclCommand',
  'kafka-configs': 'kafka.admin.ConfigCommand',
  'kafka-consumer-groups': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  'kafka-topics': 'org.apache.kafka.tools.TopicCommand',
};

/** Writes Kafka's console tools into a folder, under the names that they have in its distribution. */
export async function writeKafkaTools(folder: string): Promise<void> {
  const jars = await kafkaClassPath();
  // They run for a second, so the second compiler would cost more than it saves.
  const java = 'java -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dorg.slf4j.simpleLogger.defaultLogLevel=warn';
  for (const [name, main] of Object.entries(TOOLS)) {
    const script = join(folder, `${name}.sh`);
    writeFileSync(script, `#!/bin/sh\nexec ${java} -cp '${jars}' ${main} "$@"\n`);
    chmodSync(script, 0o755);
  }
}
