import { parseArgs } from 'node:util';

interface Flags {
  json: boolean;
  gpu: boolean;
  seconds: number;
  minutes: number;
}

const USAGE = 'npm run -s bench:map -- [--json] [--gpu] [--seconds N] [--minutes N]';

/** Parses the command line. Prints an error or, for --help, the usage, and exits the process. */
export function readFlags(): Flags {
  try {
    const { values } = parseArgs({
      options: {
        json: { type: 'boolean', default: false },
        gpu: { type: 'boolean', default: false },
        seconds: { type: 'string', default: '10' },
        minutes: { type: 'string', default: '10' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      console.log(`Usage: ${USAGE}`);
      process.exit(0);
    }
    return {
      ...values,
      seconds: positive('--seconds', values.seconds),
      minutes: positive('--minutes', values.minutes),
    };
  } catch (error) {
    console.error(`error: ${(error as Error).message}\nUsage: ${USAGE}`);
    process.exit(1);
  }
}

function positive(flag: string, text: string): number {
  const number = Number(text);
  if (text === '' || !(number > 0 && Number.isFinite(number))) throw new Error(`${flag} must be a number above 0.`);
  return number;
}
