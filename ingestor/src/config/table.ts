import type { z } from 'zod';
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

/** Completes the sentence "NAME must be ...". */
export function allowedValues(name: string): string {
  const meta = (VARIABLES as Record<string, z.ZodType>)[name]?.meta();
  return typeof meta?.['allowed'] === 'string' ? meta['allowed'] : innerAllowed(name);
}

/** A wrapper (default, optional) has its own metadata. `allowed` is in the metadata of the inner type. */
function innerAllowed(name: string): string {
  const inner = (VARIABLES as Record<string, z.ZodPrefault | z.ZodOptional>)[name]?.unwrap() as z.ZodType | undefined;
  return (inner?.meta()?.['allowed'] as string | undefined) ?? 'set correctly';
}
