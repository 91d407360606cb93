import { t } from '@grafana/i18n';
import { UNESCAPED } from './showText';

/** More than this is a stack or a query, which nobody reads in a banner. */
const MOST_LETTERS = 300;

/**
 * A data source's words without what its driver adds: the request that it sent (an address with settings), prefixes, and the
 * version of the server. An error of ClickHouse begins at its code.
 */
export function inBrief(message: string): string {
  const words = message
    .replace(/^.*\b(?:Post|Get) "[^"]*": /s, '')
    .replace(/^.*?\b(?=code: ?\d+[.,])/is, '')
    .replace(/\b(https?:\/\/[^\s"'?]+)\?[^\s"']*/g, '$1')
    .replace(/^(?:error querying the database|sendQuery|driver|clickhouse): /i, '')
    .replace(/\bDB::Exception: /g, '')
    .replace(/\s*\(version [^()]*(?:\([^()]*\))?\)/g, '')
    .trim()
    .replace(/[\s."\\]+$/, '');
  return words.length > MOST_LETTERS ? `${words.slice(0, MOST_LETTERS)} …` : words;
}

/** What an error of ClickHouse means, in one plain sentence, with the useful part of its words. */
export function plainly(message: string): string {
  const words = inBrief(message);
  const meaning = meaningOf(words);
  if (words === '') return t('read.no_reason', 'The data source gives no reason.');
  if (meaning === '') return words;
  return t('read.meaning', '{{meaning}} Its message: {{words}}', { meaning, words, ...UNESCAPED });
}

function meaningOf(words: string): string {
  if (/connection (refused|reset)|no such host|no route to host|unreachable|bad connection|\bEOF\b/i.test(words)) {
    return t('read.unreachable', 'Grafana cannot connect to ClickHouse. Check that ClickHouse is running.');
  }
  if (/authentication failed|code: 516\b/i.test(words)) {
    return t(
      'read.password',
      'ClickHouse does not accept the user or the password of the data source. Correct them in Grafana.'
    );
  }
  if (/not enough privileges|access_denied|code: 497\b/i.test(words)) {
    return t(
      'read.rights',
      'The user of the data source may not read this. Give it the role floorwatch_reader_role: run `ingestor migrate` as floorwatch_owner.'
    );
  }
  if (/unknown (table|identifier|database|column)|code: ?(60|47|81)\b/i.test(words)) {
    return t(
      'read.schema',
      'The schema is missing or older than this plugin: run `ingestor migrate` as floorwatch_owner.'
    );
  }
  if (/memory limit|too many simultaneous|code: ?(241|202)\b/i.test(words)) {
    return t('read.busy', 'ClickHouse is overloaded. Choose a shorter time range, or check its load.');
  }
  if (/timeout|timed out|deadline exceeded|code: ?(159|209)\b/i.test(words)) {
    return t('read.late', 'ClickHouse did not answer in time. Check that it is running, and its load.');
  }
  return '';
}
