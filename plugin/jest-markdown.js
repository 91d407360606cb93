/** A Markdown file imports as its text, as webpack's `asset/source` makes it. */
module.exports = {
  process: (text) => ({ code: `module.exports = ${JSON.stringify(text)};` }),
};
