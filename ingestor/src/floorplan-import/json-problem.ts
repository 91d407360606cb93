/** V8 quotes ten characters before an unexpected one, and names no place. */
const QUOTED = /^Unexpected token [^]*, \.\.\."([^]*)"(?:\.\.\.)? is not valid JSON$/;
const CHARACTERS_BEFORE = 10;
const PLACED = / at position \d+ \(line (\d+) column \d+\)$/;

/** What `JSON.parse` says of a text that is not JSON, as one line; of a text with several it names the line where it can. */
export function jsonProblem(text: string, { message }: Error): string {
  const problem = oneLine(message.replace(PLACED, ''));
  const line = text.trim().includes('\n') ? lineOf(text, message) : null;
  return line === null ? problem : `line ${line}: ${problem}`;
}

function lineOf(text: string, message: string): number | null {
  const placed = PLACED.exec(message)?.[1];
  if (placed !== undefined) return Number(placed);
  const quoted = QUOTED.exec(message)?.[1];
  const at = quoted === undefined ? -1 : text.indexOf(quoted);
  return at === -1 ? null : text.slice(0, at + CHARACTERS_BEFORE).split('\n').length;
}

/** Without line ends and what else a terminal would obey. */
function oneLine(message: string): string {
  return message.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}
