import { t } from '@grafana/i18n';
import { UNESCAPED } from './showText';

/**
 * Links out of Grafana, such as to a fleet manager, by a template of Setup. Invariant: a value of a robot fills one part of a path, of
 * the query or of the fragment, and never changes the scheme, the server or the number of parts.
 */
export interface ExternalLink {
  title: string;
  /** Such as `https://fms.example/robots/{robot_id}`. */
  template: string;
}

/** Those of this organisation, in the order of Setup. */
export const ROBOT_LINKS: { list: readonly ExternalLink[] } = { list: [] };

export const PLACEHOLDERS = ['robot_id', 'site_id', 'map_id', 'fleet'] as const;
export type LinkValues = Partial<Record<(typeof PLACEHOLDERS)[number], string | null | undefined>>;

const ANY = /\{([^{}]*)\}/g;
/** Scheme and server: everything before the path, the query and the fragment. */
const BEFORE_PATH = /^https?:\/\/[^/?#]*/i;

/** Why a template makes no link, and what to write instead; '' for a good one. */
export function problemOfTemplate(template: string): string {
  if (template.trim() === '') {
    return t('setup.links.empty', 'Enter a template, such as https://fms.example/robots/{robot_id}.', UNESCAPED);
  }
  const server = BEFORE_PATH.exec(template)?.[0];
  if (server === undefined) {
    return t('setup.links.scheme', 'Start with http:// or https://. Other addresses could run a script in Grafana.');
  }
  const unknown = [...template.matchAll(ANY)]
    .map(([all, name]) => ({ all, name }))
    .find(({ name }) => !PLACEHOLDERS.some((one) => one === name));
  if (unknown) {
    return t('setup.links.unknown', '{{unknown}} is not known. Use {{known}}.', {
      unknown: unknown.all,
      known: PLACEHOLDERS.map((name) => `{${name}}`).join(', '),
      ...UNESCAPED,
    });
  }
  if (/[{}]/.test(template.replace(ANY, ''))) {
    return t('setup.links.braces', 'A brace is missing. Write placeholders as {robot_id}.', UNESCAPED);
  }
  const url = urlOf(template.replace(ANY, 'x'));
  // Browsers skip slashes and tabs before the server: in `https:///{robot_id}`, the robot is the server.
  if (server.includes('{') || url?.host !== urlOf(template.replace(ANY, 'y'))?.host) {
    return t('setup.links.server', 'Use placeholders after the server only: a robot must not choose the server.');
  }
  if (!url || url.hostname === '')
    return t('setup.links.address', 'This is not a valid address. Check the server and the port.');
  if (url.username !== '' || url.password !== '') {
    return t('setup.links.login', 'Remove the user and the password: everybody who opens a page could read them.');
  }
  return '';
}

/** The link for these values; null where the template is invalid, or a value that it needs is missing or no part of an address. */
export function addressOfLink(template: string, values: LinkValues): string | null {
  if (problemOfTemplate(template) !== '') return null;
  const texts = new Map<string, string>();
  for (const name of PLACEHOLDERS) {
    if (!template.includes(`{${name}}`)) continue;
    const encoded = encode(values[name] ?? '');
    if (encoded === '') return null;
    texts.set(name, encoded);
  }
  const fill = (part: string) => part.replace(ANY, (_, name: string) => texts.get(name) ?? '');
  // Browsers take `.` and `..`, encoded too, for a step in the path. They read `\` as `/`, and no tabs, lines and spaces around.
  const path = /^[^?#]*/.exec(template.replace(/[\t\r\n]/g, '').trim())?.[0] ?? '';
  const isStep = path.split(/[/\\]/).some((part) => part.includes('{') && /^(\.|%2e){1,2}$/i.test(fill(part)));
  // A link of a table passes through Grafana, which would replace its own variables.
  return isStep ? null : fill(template).replaceAll('$', '%24');
}

/** '' for what no address can hold. */
function encode(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return '';
  }
}

function urlOf(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}
