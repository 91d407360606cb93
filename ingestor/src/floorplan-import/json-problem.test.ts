import { expect, it } from 'vitest';
import { jsonProblem } from './json-problem.ts';

const problemOf = (text: string): string => {
  try {
    JSON.parse(text);
  } catch (error) {
    return jsonProblem(text, error as Error);
  }
  return 'it is JSON';
};
const point = '{ "x": 1.5, "y": 2.5 },\n';

it.each([
  ['a number that JSON has not', `[\n${point}{ "x": NaN, "y": 1 }]`, /^line 3: Unexpected token 'N'/],
  ['a comma too many', `[\n${point}${point}${point}]`, /^line 5: Unexpected token ']'/],
  ['a comma too few', `[\n{}\n{} ]`, /^line 3: Expected ',' or ']'/],
  ['in a text of one line', '{ "a": 1, b: 2 }\n', /^Expected double-quoted property name in JSON$/],
  ['a comment at the start', '// zones\n[]', /^Unexpected token '\/', "\/\/ zones \[\]"/],
  ['an end too early', `[\n${point}`, /^Unexpected end of JSON input$|^line 3: /],
])('one line shows where the JSON error is: %s', (_, text, problem) => {
  expect(problemOf(text)).toMatch(problem);
  expect(problemOf(text)).not.toContain('\n');
});
