/** V8 quotes ten characters before the unexpected one, without its position. */
const QUOTED = /^Unexpected token [^]*, \.\.\."([^]*)"(?:\.\.\.)? is not valid JSON$/;
const CHARACTERS_BEFORE = 10;
const PLACED = / at position \d+ \(line (\d+) column \d+\)$/;

/** The error of `JSON.parse` as one line. For a text of several lines it includes the line number if it is known. */
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

/** Removes line ends and other control characters. */
function oneLine(message: string): string {
  return message.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}
