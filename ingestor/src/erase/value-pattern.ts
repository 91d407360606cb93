/** Letters, digits, _ and - around a value make another value: amr-1 is not in amr-10 or in task-amr-1. */
const WORD = String.raw`\p{L}\p{N}_-`;
/** A character that JSON writes as an escape is no letter of the value: \n, é. */
const ESCAPE = String.raw`\\[nrtbf]|\\u[0-9a-fA-F]{4}`;
const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '/': '\\/',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/**
 * A regular expression (RE2) that finds a value in a text: JSON, also broken JSON, with any of its characters escaped, or prose.
 * A number is found only as a quoted text or after its key, because 7 is everywhere.
 * @param key the name of the field in JSON
 */
export function valuePattern(key: string, value: string): string {
  const text = escapable(value);
  if (/^[-+.\deE]+$/.test(value)) {
    return String.raw`["']${text}\\?["']|["']?${escapable(key)}\\?["']?\s*[:=]\s*${text}(?:[^\w.-]|$)`;
  }
  return `(?:^|[^${WORD}]|${ESCAPE})${text}(?:$|[^${WORD}])`;
}

/** Matches the text with each character as it is or as JSON can escape it. */
function escapable(text: string): string {
  return Array.from(text, (character) => {
    const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
    const unicode = units.map((unit) => `\\\\u(?i:${unit.toString(16).padStart(4, '0')})`).join('');
    const short = SHORT_ESCAPES[character];
    return `(?:${[literal(character), unicode, ...(short === undefined ? [] : [literal(short)])].join('|')})`;
  }).join('');
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
