import { Command } from 'commander';
import { expect, test } from 'vitest';
import { backfillCommand } from './backfill.ts';
import { backupCommand, restoreCommand } from './backup.ts';
import { checkCommand } from './check.ts';
import { configCommand } from './config.ts';
import { deadLettersCommand } from './dead-letters.ts';
import { eraseCommand } from './erase.ts';
import { addExamples } from './examples.ts';
import { exportCommand } from './export.ts';
import { floorplanCommand } from './floorplan.ts';
import { geometryCommand } from './geometry.ts';
import { migrateCommand } from './migrate.ts';
import { replayCommand } from './replay.ts';
import { robotsCommand } from './robots.ts';
import { runCommand } from './run.ts';

const COMMANDS = [
  ...[runCommand, checkCommand, migrateCommand, floorplanCommand, geometryCommand],
  ...[
    deadLettersCommand,
    replayCommand,
    backfillCommand,
    robotsCommand,
    backupCommand,
    restoreCommand,
    exportCommand,
    eraseCommand,
    configCommand,
  ],
];

function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) });
  command.outputHelp();
  return help;
}

test('every command shows examples, which use only existing commands and options', () => {
  const program = new Command('ingestor');
  for (const command of COMMANDS) program.addCommand(command());
  addExamples(program);
  const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];
  for (const command of all(program)) {
    const [, examples = ''] = helpOf(command).split('\nExamples\n');
    const lines = examples.split('\n').filter((line) => /^ {2}(\w+=\S+ )*ingestor/.test(line));
    expect(lines.length, command.name()).toBeGreaterThan(0);
    for (const line of lines) {
      const [, ...words] = line
        .trim()
        .replace(/^([A-Z_]+=\S+ )+/, '')
        .split(' ');
      let used: Command = program;
      for (const word of words) used = used.commands.find((inner) => inner.name() === word) ?? used;
      expect(used.commands, line).toEqual([]);
      const known = used.options.map(({ long }) => long);
      for (const word of words.filter((each) => each.startsWith('--'))) expect(known, line).toContain(word);
    }
  }
});
