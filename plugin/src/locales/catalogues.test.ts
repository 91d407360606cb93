import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pluginJson from '../plugin.json';

const SOURCE = join(__dirname, '..');
const QUOTED = /(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/.source;
/**
 * `t('key', 'text'` and `<Trans i18nKey="key" defaults="text"`, the text in either kind of quotes; after it, what is said of one
 * thing alone: `{ count, defaultValue_one: 'text'`.
 */
const CALL = new RegExp(
  `(?:\\bt\\(\\s*'([\\w.]+)',\\s*|\\bi18nKey="([\\w.]+)"\\s+defaults=\\{?)${QUOTED}(?:,\\s*\\{[^}]*?defaultValue_one:\\s*${QUOTED})?`,
  'g'
);
const ANY_CALL = /(?<![\w.])t\(|<Trans\b/g;

interface Texts {
  [key: string]: string | Texts;
}

function flatten(texts: Texts, prefix = ''): Array<[string, string]> {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flatten(value, `${prefix}${key}.`)
  );
}

function catalogue(language: string): Map<string, string> {
  const file = join(SOURCE, 'locales', language, `${pluginJson.id}.json`);
  return new Map(flatten(JSON.parse(readFileSync(file, 'utf8')) as Texts));
}

function sources(): Array<[string, string]> {
  return readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file))
    .map((file) => [file, readFileSync(join(SOURCE, file), 'utf8')]);
}

/** Every key that a text asks for, with its English: a counted one has two. */
function keysIn(text: string): Array<[string, string]> {
  return [...text.matchAll(CALL)].flatMap((call): Array<[string, string]> => {
    const [, ofCall, ofTrans, single, double, singleOfOne, doubleOfOne] = call;
    const key = ofCall ?? ofTrans ?? '';
    const plain = (quoted: string) => quoted.replace(/\\(.)/g, '$1');
    const other = plain(single ?? double ?? '');
    const one = singleOfOne ?? doubleOfOne;
    if (one === undefined) return [[key, other]];
    return [
      [`${key}_one`, plain(one)],
      [`${key}_other`, other],
    ];
  });
}

const used = new Map(sources().flatMap(([, text]) => keysIn(text)));

it('has every text that the pages ask for in English, and no other', () => {
  expect(used.size).toBeGreaterThan(50);
  expect(Object.fromEntries(catalogue('en-US'))).toEqual(Object.fromEntries(used));
});

it.each(pluginJson.languages)('%s has the same keys and the same placeholders', (language) => {
  const own = catalogue(language);
  const placeholders = (text = '') => (text.match(/\{\{\w+\}\}/g) ?? []).sort();
  expect([...own.keys()].sort()).toEqual([...used.keys()].sort());
  for (const [key, text] of used) expect([key, placeholders(own.get(key))]).toEqual([key, placeholders(text)]);
  expect([...own].filter(([, text]) => text.trim() === '')).toEqual([]);
});

it('gives a key one text, wherever it is used', () => {
  const texts = new Map<string, Set<string>>();
  for (const [, text] of sources()) {
    for (const [key, english] of keysIn(text)) texts.set(key, (texts.get(key) ?? new Set()).add(english));
  }
  expect([...texts].filter(([, { size }]) => size > 1)).toEqual([]);
});

it('reads every call: keys and texts are written out', () => {
  const unread = sources()
    .filter(([, text]) => text.includes("from '@grafana/i18n'"))
    .filter(([, text]) => (text.match(ANY_CALL) ?? []).length !== (text.match(CALL) ?? []).length);
  expect(unread.map(([file]) => file)).toEqual([]);
});

it('counts in both languages: a text with {{count}} has a form for one', () => {
  const uncounted = [...used].filter(([key, text]) => text.includes('{{count}}') && !/_(one|other)$/.test(key));
  expect(uncounted).toEqual([]);
});
