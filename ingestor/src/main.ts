#!/usr/bin/env -S node --disable-warning=TimeoutNegativeWarning --max-semi-space-size=4 --heap-growing-percent=200
import { constants } from 'node:os';
import { errorText } from './commands/error-text.ts';
import { ingestorProgram } from './commands/program.ts';
import { printable } from './commands/terminal.ts';

// The reader of the output may close the pipe (`| head`). Then exit like other programs on EPIPE.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(128 + constants.signals.SIGPIPE);
});

try {
  await ingestorProgram().parseAsync();
} catch (error) {
  process.stderr.write(`${printable(errorText(error as Error))}\n`);
  process.exitCode = 1;
}
