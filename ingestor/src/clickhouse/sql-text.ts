/**
 * A string literal of ClickHouse, for statements that take no query parameters (ALTER, BACKUP).
 * Every byte that is not printable ASCII is written as \xNN, so that no character can end the literal.
 */
export function sqlText(text: string): string {
  let literal = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c;
    literal += isPlain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `'${literal}'`;
}
