import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { stringify } from 'yaml';
import type { z } from 'zod';
import { CommandError } from '../errors/errors.ts';
import { FOLDER } from '../provisioning/alert-rule.ts';
import { apiGroups } from '../provisioning/api-groups.ts';
import { renderAlerting, renderRemoval, RULE_GROUPS, rulesLeftOut } from '../provisioning/render.ts';
import {
  API_VARIABLES,
  PROVISIONING_VARIABLES,
  REMOVAL_VARIABLES,
  type ProvisioningSettings,
} from '../provisioning/variables.ts';

const HEADER = '# Written by `ingestor provisioning`. Do not edit: the next run replaces this file.\n';

export function provisioningCommand(): Command {
  const variables = Object.entries(PROVISIONING_VARIABLES.shape);
  const width = Math.max(...variables.map(([name]) => name.length));
  const list = variables.map(([name, type]) => `  ${name.padEnd(width)}  ${type.description ?? ''}`);
  return new Command('provisioning')
    .description(
      "write Grafana's provisioning files for alert rules, contact points, message templates and mute timings"
    )
    .requiredOption('--out <folder>', "Grafana's provisioning/alerting folder; files of an earlier run are replaced")
    .option('--remove', 'write files with which Grafana deletes them at its next start')
    .addOption(
      new Option(
        '--api <folder-uid>',
        `write each group of rules as JSON for Grafana's HTTP API instead, for the folder with this uid, whose title must be ${FOLDER}; no contact points`
      ).conflicts('remove')
    )
    .addHelpText(
      'after',
      `\nVariables\n${list.join('\n')}\n\nGrafana needs the same ALERT_ variables in its own environment.`
    )
    .action(({ out, remove, api }: { out: string; remove?: true; api?: string }) => {
      const read = api === undefined ? PROVISIONING_VARIABLES : API_VARIABLES;
      const settings = remove ? null : valuesOf<ProvisioningSettings>(read, process.env);
      const files = settings ? renderAlerting(settings) : renderRemoval(valuesOf(REMOVAL_VARIABLES, process.env));
      mkdirSync(out, { recursive: true });
      // Grafana would still get a contact point, or a group of rules, that is no longer configured.
      const written = api === undefined ? WRITTEN : WRITTEN_FOR_API;
      for (const name of readdirSync(out)) if (written.has(name)) rmSync(join(out, name));
      if (api === undefined) {
        write(out, files, (content) => HEADER + stringify(content, { lineWidth: 0 }));
      } else write(out, apiGroups(files, api), (content) => `${JSON.stringify(content, null, 2)}\n`);
      const leftOut = settings ? rulesLeftOut(settings) : [];
      if (leftOut.length > 0) {
        // A title can contain a comma.
        const titles = leftOut.map(({ title }) => title).join('; ');
        process.stderr.write(
          `Without Prometheus, ${leftOut.length} rules are left out: ${titles}. ` +
            'Instead, Ingestor silent pages when no ingestor stores its offsets.\n'
        );
      }
    });
}

function write(out: string, files: Readonly<Record<string, object>>, textOf: (content: object) => string): void {
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(out, name), textOf(content));
    process.stdout.write(`${join(out, name)}\n`);
  }
}

const WRITTEN: ReadonlySet<string> = new Set([
  'rules.yaml',
  'templates.yaml',
  'contact-points.yaml',
  'mute-timings.yaml',
  // Of versions that did not render them. policies.yaml replaced the policy tree of the whole organisation.
  'policies.yaml',
  'fleet-rules.yaml',
  'pipeline-rules.yaml',
]);

const WRITTEN_FOR_API: ReadonlySet<string> = new Set(RULE_GROUPS.map(({ name }) => `${name}.json`));

/** An empty variable is like an absent one. */
function valuesOf<T>(variables: z.ZodType<T>, env: Readonly<Record<string, string | undefined>>): T {
  const given = Object.fromEntries(Object.entries(env).filter(([, text]) => text !== ''));
  const parsed = variables.safeParse(given);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new CommandError('provisioning', wrong.join('; '));
}
