/** What has a meaning somewhere on the way: all but letters, digits, ` _.:/` and a dash. Two dashes start a comment. */
const MEANINGFUL = /[^\p{L}\p{N} _.:/-]|(?<=-)-/gu;

/**
 * A ClickHouse string literal with its quotes. Use it for every text that a query contains. ClickHouse honours backslashes
 * in literals, Grafana replaces variables inside them, and the data source expands macros (`$__dateFilter(x)`) inside them;
 * so each character that could have a meaning becomes `\xHH`, which only ClickHouse reads.
 */
export function sqlText(text: string): string {
  const escaped = text.replace(MEANINGFUL, (character) =>
    Array.from(new TextEncoder().encode(character), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
  );
  return `'${escaped}'`;
}

/** A ClickHouse time. @param ms since the epoch */
export function sqlTime(ms: number): string {
  return `fromUnixTimestamp64Milli(${Math.round(ms)}, 'UTC')`;
}

/**
 * The condition that a column holds one of the values of a variable; always true while the variable means all. It is the
 * only way for a variable to get into SQL, in pages and in dashboards: Grafana's formats `singlequote`, `sqlstring` and
 * `json` do not escape backslashes. `customqueryparam` percent-encodes each value except letters, digits and `-_.~`.
 *
 * A variable with `includeAll` needs a custom value for all, such as `all`. Otherwise Grafana lists every value.
 * @param column SQL of the column or expression
 * @param variable name of the variable
 */
export function isOneOf(column: string, variable: string): string {
  if (!/^\w+$/.test(variable)) throw new Error(`${variable} is not the name of a variable`);
  const values = `'\${${variable}:customqueryparam:v}'`;
  return `(NOT startsWith(${values}, 'v=') OR has(arrayMap(value -> decodeURLComponent(substring(value, 3)), splitByChar('&', ${values})), ${column}))`;
}
