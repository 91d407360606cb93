import type { z } from 'zod';
import { allowedValues } from './config.ts';
import { SECRETS, VARIABLES } from './variables.ts';

/** The Markdown table of every variable, for the README and `ingestor config`. */
export function configTable(): string {
  const rows = Object.entries(VARIABLES).map(([name, type]) => {
    const names = SECRETS.has(name) ? `\`${name}\` or \`${name}_FILE\`` : `\`${name}\``;
    return `| ${names} | ${defaultOf(type)} | ${type.description ?? ''} | ${allowedValues(name)} |`;
  });
  return ['| variable | default | meaning | allowed |', '|---|---|---|---|', ...rows, ''].join('\n');
}

function defaultOf(type: z.ZodType): string {
  const def = type.def as { type: string; defaultValue?: unknown };
  return def.type === 'prefault' && def.defaultValue !== '' ? `\`${String(def.defaultValue)}\`` : '';
}
