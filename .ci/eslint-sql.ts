import type { ESLint, Rule } from 'eslint';

/**
 * Rule `no-raw-interpolation`: no text gets into SQL without `sqlText`, and no variable of Grafana without `isOneOf`
 * (packages/contract/src/sql-text.ts). Both alone know how ClickHouse, Grafana and its data source read a literal.
 */
const SQL = /\b(?:SELECT|WHERE|FROM|HAVING|JOIN)\s/;
/** `${name}`, `${name:format}`, `[[name]]` and `$name`; `$__name` is a macro. */
const VARIABLE = /\$\{\w[^}]*\}|\[\[\w+(?::\w+)?\]\]|\$(?!__)[A-Za-z]\w*/;
const COMPARES = /(?:(?<![<>])=|<>|\bI?LIKE|\bIN\s*\()\s*$/i;
const SAFE_CALLS = new Set(['sqlText', 'isOneOf']);

const quotesOf = (text: string): number => text.replace(/\\.|''/gs, '').split("'").length - 1;

const isSafe = (node: Rule.Node | { type: string }): boolean =>
  'callee' in node && 'name' in node.callee && SAFE_CALLS.has(node.callee.name);

const noRawInterpolation: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      variable: 'Grafana puts {{variable}} into this SQL without escaping: write the condition with isOneOf().',
      quoted: 'This text is between quotes in SQL: write ${sqlText(…)} without quotes, which escapes it.',
      compared: 'SQL compares with this: write ${sqlText(…)} for a text, or a number in a variable of its own.',
    },
  },
  create(context) {
    const checkText = (node: Rule.Node, text: string): void => {
      const variable = VARIABLE.exec(text)?.[0];
      if (variable !== undefined) context.report({ node, messageId: 'variable', data: { variable } });
    };
    return {
      Literal(node) {
        if (typeof node.value === 'string' && SQL.test(node.value)) checkText(node, node.value);
      },
      TemplateLiteral(node) {
        const texts = node.quasis.map(({ value }) => value.cooked ?? '');
        if (!SQL.test(texts.join(' '))) return;
        let quotes = 0;
        texts.forEach((text, k) => {
          checkText(node, text);
          quotes += quotesOf(text);
          const expression = node.expressions[k];
          if (expression === undefined) return;
          if (quotes % 2 === 1) context.report({ node: expression, messageId: 'quoted' });
          else if (COMPARES.test(text) && !isSafe(expression)) {
            context.report({ node: expression, messageId: 'compared' });
          }
        });
      },
    };
  },
};

const plugin = { rules: { 'no-raw-interpolation': noRawInterpolation } } satisfies ESLint.Plugin;
export default plugin;
