/**
 * The SQL expression of a JSON object (as text) without the values of a key that are one of `values`. Everything else stays. The path
 * leads through lists. Numbers, true, false and null are compared as text. From a list of values, only the equal ones go.
 * @param json an expression
 * @param values an expression of Array(String)
 */
export function metaWithout(json: string, path: readonly string[], values: string): string {
  let names = 0;
  const name = (): string => `v${names++}`;

  const object = (text: string, [key = '', ...rest]: readonly string[]): string => {
    const pair = name();
    const isKey = `${pair}.1 = ${sqlKey(key)}`;
    const all = `JSONExtractKeysAndValuesRaw(${text})`;
    const isLast = rest.length === 0;
    const kept = isLast ? `arrayFilter(${pair} -> NOT (${isKey} AND ${isValue(`${pair}.2`, values)}), ${all})` : all;
    const inside = isLast ? list(`${pair}.2`) : nested(`${pair}.2`, rest);
    return `concat('{', arrayStringConcat(arrayMap(${pair} -> concat(toJSONString(${pair}.1), ':', if(${isKey}, ${inside}, ${pair}.2)), ${kept}), ','), '}')`;
  };
  /** A list of values without the equal ones; anything else as it is. */
  const list = (text: string): string => {
    const item = name();
    return `if(JSONType(${text}) = 'Array', ${joined(`arrayFilter(${item} -> NOT ${isValue(item, values)}, JSONExtractArrayRaw(${text}))`)}, ${text})`;
  };
  const nested = (text: string, rest: readonly string[]): string => {
    const item = name();
    const element = `if(JSONType(${item}) = 'Object', ${object(item, rest)}, ${item})`;
    const elements = joined(`arrayMap(${item} -> ${element}, JSONExtractArrayRaw(${text}))`);
    return `multiIf(JSONType(${text}) = 'Object', ${object(text, rest)}, JSONType(${text}) = 'Array', ${elements}, ${text})`;
  };
  return object(json, path);
}

function joined(elements: string): string {
  return `concat('[', arrayStringConcat(${elements}, ','), ']')`;
}

function isValue(raw: string, values: string): string {
  return `has(${values}, if(JSONType(${raw}) = 'String', JSONExtractString(${raw}), ${raw}))`;
}

/** A key as an expression that no character can leave. */
function sqlKey(key: string): string {
  return `unhex('${Buffer.from(key, 'utf8').toString('hex')}')`;
}
