import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MappingType, type ValueMapping } from '@grafana/data';
import { checkMappings, textsInSql } from './checkTexts';

const SQL = readFileSync(join(__dirname, '../../../../sql/views/health.sql'), 'utf8');

it.each(textsInSql())('translates %s, which the view says in these words', (text) => {
  for (const part of text.split('(.*)')) {
    // What stands after a value is a text of its own.
    expect(SQL).toContain(part === '.' ? "'.'" : part);
  }
});

it('translates every sentence of the view', () => {
  const said = [...SQL.matchAll(/'([A-Z]\w* [^']*(?:[.?]|: ))'/g)].map(([, text = '']) => text);
  const known = textsInSql();
  expect(said.length).toBeGreaterThan(25);
  expect(said.filter((text) => !known.some((one) => one.split('(.*)').includes(text)))).toEqual([]);
});

it('names the user who may do what a remedy asks for, because the reader of the pages may do none of it', () => {
  const asked = textsInSql().filter((text) =>
    /SYSTEM [A-Z]+ [A-Z]+|KILL MUTATION|system\.\w|sql\/storage|^Run `|: `|run `ingestor/.test(text)
  );
  expect(asked.length).toBeGreaterThan(13);
  expect(asked.filter((text) => !text.includes('floorwatch_owner'))).toEqual([]);
});

it('finds a text by all of it, and keeps the value that ClickHouse puts in', () => {
  const { problem, remedy } = checkMappings();
  const failed = 'The last refresh failed: code 241 (memory).';
  const slow = 'See v_pipeline and `ingestor check`: is the path running, and are Kafka and ClickHouse fast enough?';
  expect(shownOf(problem, failed)).toBe(failed);
  expect(shownOf(remedy, slow)).toBe(slow);
  expect(shownOf(problem, 'Another text.')).toBeNull();
});

it.each(['en-US', 'de-DE'])(
  'has units in %s that fit their column: Grafana cuts a longer one by a character',
  (language) => {
    const file = join(__dirname, '../../locales', language, 'floorwatch-fleet-app.json');
    const { pipeline } = JSON.parse(readFileSync(file, 'utf8')) as { pipeline: { unit: Record<string, string> } };
    expect(Object.values(pipeline.unit).filter((unit) => unit.length > 26)).toEqual([]);
  }
);

/** As Grafana applies patterns; null where none fits. */
function shownOf(mappings: readonly ValueMapping[], text: string): string | null {
  for (const mapping of mappings) {
    if (mapping.type !== MappingType.RegexToText) continue;
    const pattern = new RegExp(mapping.options.pattern);
    if (pattern.test(text)) return text.replace(pattern, mapping.options.result.text ?? '');
  }
  return null;
}
