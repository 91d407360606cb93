// Times in tests read the same wherever they run.
process.env.TZ = 'UTC';

const grafanaConfig = require('./.config/jest.config');
const { grafanaESModules, nodeModulesToTransform } = require('./.config/jest/utils');

const [compile] = Object.values(grafanaConfig.transform);

module.exports = {
  ...grafanaConfig,
  transform: {
    ...grafanaConfig.transform,
    // d3-color ships its modules as .mjs, which the scaffold's pattern misses.
    '\\.mjs$': compile,
    '\\.md$': '<rootDir>/jest-markdown.js',
  },
  transformIgnorePatterns: [nodeModulesToTransform([...grafanaESModules, 'yaml'])],
};
