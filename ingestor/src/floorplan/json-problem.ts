/** V8 quotes ten characters before an unexpected one, and names no place. */
const QUOTED = /^Unexpected token [^]*, \.\.\."([^]*)"(?:\.\.\.)? is not valid JSON$/;
const CHARACTERS_BEFORE = 10;
const PLACED = / at position \d+ \(line (\d+) column \d+\)$/;

/** What `JSON.parse` says of a text that is not JSON, as one line that names the line of the text where it can. */
export function jsonProblem(text: string, { message }: Error): string {
  const place = PLACED.exec(message);
  if (place) return `line ${place[1] ?? ''}: ${oneLine(message.replace(PLACED, ''))}`;
  const quoted = QUOTED.exec(message)?.[1];
  const at = quoted === undefined ? -1 : text.indexOf(quoted);
  if (at === -1) return oneLine(message);
  return `line ${text.slice(0, at + CHARACTERS_BEFORE).split('\n').length}: ${oneLine(message)}`;
}

/** Without line ends and what else a terminal would obey. */
function oneLine(message: string): string {
  return message.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}
