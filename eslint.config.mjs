import js from '@eslint/js';
import grafana from '@grafana/eslint-config/flat.js';
import i18n from '@grafana/i18n/eslint-plugin';
import prettier from 'eslint-config-prettier';
import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import { defineConfig, globalIgnores } from 'eslint/config';
import ts from 'typescript-eslint';
import sql from './.ci/eslint-sql.ts';

/** Imports point one way, tests included: packages ← ingestor, plugin, demo ← proofs, e2e (CONTRIBUTING). */
const LEVELS = [
  ['packages/contract', 'packages/floorplan', 'packages/servers'],
  ['ingestor', 'plugin', 'demo'],
  ['proofs', 'e2e'],
];
/** Packages that can import other packages of their level. */
const WITHIN_LEVEL = { 'packages/contract': ['packages/floorplan'] };

/** Files of `target` must not import from `from`. */
const zone = (target, from, message) => ({ target: `./${target}`, from: `./${from}`, message });

const levelZones = LEVELS.flatMap((folders, level) =>
  folders.flatMap((folder) =>
    LEVELS.slice(level)
      .flat()
      .filter((other) => other !== folder && !WITHIN_LEVEL[folder]?.includes(other))
      .map((other) =>
        zone(
          folder,
          other,
          `${folder} must not import ${other}: imports point from proofs and e2e to packages (CONTRIBUTING).`
        )
      )
  )
);

/** Folders of `ingestor/src` that an event goes through, and those that it does not need: these import from the former. */
const LIVE_PATH = ['clickhouse', 'decode', 'kafka', 'lag', 'metrics', 'pipeline', 'rows', 'service', 'tracing'];
const BESIDE_IT = [
  'backfill',
  'check',
  'commands',
  'dead-letters',
  'floorplan-import',
  'geometry',
  'migrate',
  'replay',
];

const livePathZones = LIVE_PATH.flatMap((live) =>
  BESIDE_IT.map((other) =>
    zone(`ingestor/src/${live}`, `ingestor/src/${other}`, `An event does not go through ${other}.`)
  )
);

/** Texts in the code of the plugin that the rule of Grafana does not look at: of builders of panels, and of our own props. */
const UNTRANSLATED = [
  'CallExpression[callee.property.name=/^(setTitle|setDescription|setNoValue|overrideDisplayName|overrideNoValue)$/] > :matches(Literal[value=/^[^$]*[A-Za-z]{2}/], TemplateLiteral)',
  'JSXAttribute[name.name=/^(what|empty|error|suffix)$/] > Literal[value=/[A-Za-z]{2}/]',
  // Of the map: what is spoken, names of options, and errors, which people read as messages on it.
  'Property[key.name=/^(spoken|cutProblem|hint|reason)$/] > :matches(Literal[value=/[A-Za-z]{3}/], TemplateLiteral)',
  'ObjectExpression:has(> Property[key.name=/^(path|id)$/]) > Property[key.name="name"] > Literal[value=/[A-Za-z]{3}/]',
  'NewExpression[callee.name=/Error$/] > :matches(Literal[value=/[A-Za-z]{3}/], TemplateLiteral)',
].map((selector) => ({ selector, message: 'People read this: use t() and add the text to the catalogues (locales).' }));

export default defineConfig([
  globalIgnores([
    '**/dist/',
    '**/node_modules/',
    '**/coverage/',
    'plugin/.config/',
    'test-results/',
    'playwright-report/',
  ]),
  {
    files: ['**/*.ts', '**/*.mjs'],
    ignores: ['plugin/**', 'proofs/bench/map/page/**'],
    extends: [js.configs.recommended, ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.mjs', '.ci/*.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/dot-notation': 'off',
    },
  },
  {
    files: ['**/*.mjs'],
    extends: [ts.configs.disableTypeChecked],
    languageOptions: { globals: { process: 'readonly', console: 'readonly' } },
  },
  {
    files: ['plugin/**/*.{ts,tsx}', 'proofs/bench/map/page/*.ts'],
    extends: [grafana],
    rules: { 'react/prop-types': 'off' },
  },
  {
    files: ['plugin/src/**/*.{ts,tsx}'],
    plugins: { sql },
    rules: { 'sql/no-raw-interpolation': 'error' },
  },
  {
    files: ['plugin/src/**/*.{ts,tsx}'],
    ignores: ['**/*.test.{ts,tsx}'],
    plugins: { i18n },
    rules: {
      'i18n/no-untranslated-strings': 'error',
      'i18n/no-translation-top-level': 'error',
      'no-restricted-syntax': ['error', ...UNTRANSLATED],
    },
  },
  {
    plugins: { 'import-x': importX },
    // Resolves the imports of the plugin, which have no file extension. Without it, the rules do not apply to them.
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.tsx', '.mjs', '.js'] })] },
    rules: {
      'import-x/no-restricted-paths': [
        'error',
        {
          zones: [
            ...levelZones,
            ...livePathZones,
            zone('plugin/src/floormap', 'plugin/src/pages', 'Panels never import pages.'),
            {
              ...zone('plugin/src/floormap/geometry', 'plugin/src', 'Geometry imports no other folder.'),
              except: ['./floormap/geometry'],
            },
          ],
        },
      ],
    },
  },
  prettier,
]);
