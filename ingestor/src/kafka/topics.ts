import { isTopicPattern, namesTopic } from '../config/topic-entries.ts';
import type { AdminClient } from './admin-client.ts';

/** How often topics are looked up that match a pattern. */
export const LOOK_UP_MS = 30_000;

/**
 * The topics to read now, sorted: those that are named, whether they exist or not, and those that match a pattern.
 * @param except a topic that no pattern matches: copies of rejected messages would be read again
 */
export async function topicsOf(
  admin: Pick<AdminClient, 'ask'>,
  entries: readonly string[],
  except: string | null
): Promise<string[]> {
  const named = entries.filter((entry) => !isTopicPattern(entry));
  if (named.length === entries.length) return named;
  const existing = await admin.ask((client) => client.listTopics());
  const matching = existing.filter((topic) => topic !== except && namesTopic(entries, topic));
  return [...new Set([...named, ...matching])].sort();
}
