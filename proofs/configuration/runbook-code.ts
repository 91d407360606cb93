import { globSync } from 'node:fs';
import { readText, REPOSITORY } from './compose-file.ts';

/** A piece of code in a runbook. */
export interface RunbookCode {
  file: string;
  code: string;
  /** Language of a code block; undefined for code in a sentence. */
  language?: string;
  /** The paragraph, list item or table row that contains it, without code blocks. */
  around: string;
}

const CODE_BLOCK = /^ *```(\w*)\n([^]*?)^ *```$/gm;

/** The last one is a part of each: how to run their commands. */
export const RUNBOOK_FILES = globSync('plugin/src/{runbooks,pages/runbooks}/*.md', { cwd: REPOSITORY }).sort();

/** All code of all runbooks. */
export function runbookCode(): RunbookCode[] {
  return RUNBOOK_FILES.flatMap((file) => passages(readText(file)).flatMap((passage) => codeIn(file, passage)));
}

/** Splits at headings, list items and table rows, and at paragraphs that are not indented: those belong to the item above. */
function passages(markdown: string): string[] {
  return markdown.split(/^(?=#|\d+\. |- |\|)|\n\n(?=\S)/m);
}

function codeIn(file: string, passage: string): RunbookCode[] {
  const around = passage.replaceAll(CODE_BLOCK, '');
  const blocks = [...passage.matchAll(CODE_BLOCK)].map(([, language = '', code = '']) => ({
    file,
    code,
    language,
    around,
  }));
  const inline = [...around.matchAll(/`([^`]+)`/g)].map(([, code = '']) => ({
    file,
    code: code.replaceAll(/\s+/g, ' '),
    around,
  }));
  return [...blocks, ...inline];
}

/** The lines of code that a shell runs. */
export function commandLines(): { file: string; line: string }[] {
  return runbookCode().flatMap(({ file, code, language }) =>
    language === 'sh' || (language === undefined && COMMAND.test(code))
      ? code
          .split('\n')
          .map((line) => ({ file, line: line.trim() }))
          .filter(({ line }) => line !== '')
      : []
  );
}

const COMMAND = /^(docker|kubectl|npm|ingestor|curl|tail|node|df|free|dmesg|\.) \S/;

const STATEMENT = /^\s*(SELECT|WITH|SHOW|ALTER|SYSTEM|KILL|OPTIMIZE|DROP|TRUNCATE|INSERT|BACKUP|RESTORE)\s+\S/;

/** The SQL statements, each with the user who runs it: the one that its passage names, or Grafana's. */
export function statements(): { file: string; sql: string; user: 'owner' | 'writer' | 'reader' }[] {
  return runbookCode().flatMap(({ file, code, language, around }) => {
    if (!(language === 'sql' || (language === undefined && STATEMENT.test(code)))) return [];
    const named = /floorwatch_(owner|writer|reader)/.exec(around)?.[1] as 'owner' | 'writer' | 'reader' | undefined;
    return [{ file, sql: code, user: named ?? 'reader' }];
  });
}
