import type { TopicFormat } from '../decode/topic-format.ts';
import { fileDigest, fileLines } from '../replay/file-lines.ts';
import { fileTopic } from '../rows/origin.ts';
import type { EventSource, PlacedMessage } from './event-source.ts';

/** A file of JSON lines, identified by its content: a renamed file is the same source. @throws CommandError */
export async function fileSource(file: string, format: TopicFormat): Promise<EventSource> {
  const digest = await fileDigest(file);
  return {
    ...{ id: digest, label: file, topic: fileTopic(digest), partition: 0, format },
    messages: (from) => linesFrom(file, from),
  };
}

/** Line numbers start at 1. Empty lines are skipped. */
async function* linesFrom(file: string, from: number): AsyncGenerator<PlacedMessage> {
  let place = 0;
  for await (const value of fileLines(file)) {
    place++;
    if (place >= from && value.length > 0) yield { place, value };
  }
}
