import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pluginJson from '../plugin.json';

const SOURCE = join(__dirname, '..');
/** `t('key', 'text'`, the text in either kind of quotes. */
const CALL = /\bt\(\s*'([\w.]+)',\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g;
const ANY_CALL = /(?<![\w.])t\(/g;

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

const used = new Map<string, string>();
for (const [, text] of sources()) {
  for (const [, key = '', single, double] of text.matchAll(CALL)) {
    used.set(key, (single ?? double ?? '').replace(/\\(.)/g, '$1'));
  }
}

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
    for (const [, key = '', single, double] of text.matchAll(CALL)) {
      texts.set(key, (texts.get(key) ?? new Set()).add(single ?? double ?? ''));
    }
  }
  expect([...texts].filter(([, { size }]) => size > 1)).toEqual([]);
});

it('reads every call: keys and texts are written out', () => {
  const unread = sources()
    .filter(([, text]) => text.includes("from '@grafana/i18n'"))
    .filter(([, text]) => (text.match(ANY_CALL) ?? []).length !== (text.match(CALL) ?? []).length);
  expect(unread.map(([file]) => file)).toEqual([]);
});
