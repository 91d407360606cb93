/** An entry of KAFKA_TOPIC that begins with ^ is a regular expression for the names of topics, as in librdkafka. */
export function isTopicPattern(entry: string): boolean {
  return entry.startsWith('^');
}

/** Whether one of the entries names the topic. Kafka's own topics match no pattern. */
export function namesTopic(entries: readonly string[], topic: string): boolean {
  return entries.some((entry) =>
    isTopicPattern(entry) ? !topic.startsWith('__') && new RegExp(entry).test(topic) : entry === topic
  );
}
