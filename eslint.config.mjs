import js from '@eslint/js';
import grafana from '@grafana/eslint-config/flat.js';
import prettier from 'eslint-config-prettier';
import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import { defineConfig, globalIgnores } from 'eslint/config';
import ts from 'typescript-eslint';

/** `from` must not import `target`: imports point one way (CONTRIBUTING, "Imports point one way"). */
const zone = (target, from, message) => ({ target, from, message });

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
    ignores: ['plugin/**'],
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
  { files: ['plugin/**/*.{ts,tsx}'], extends: [grafana], rules: { 'react/prop-types': 'off' } },
  {
    plugins: { 'import-x': importX },
    // The plugin's imports have no ending: without this no rule sees what they mean.
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.tsx', '.mjs', '.js'] })] },
    rules: {
      'import-x/no-restricted-paths': [
        'error',
        {
          zones: [
            zone('./ingestor/src/contract.ts', './ingestor/src', 'The contract stands on its own.'),
            zone('./ingestor/src', './demo', 'The ingestor does not know the demo.'),
            zone('./ingestor/src', './plugin', 'The ingestor does not know the plugin.'),
            zone('./demo', './plugin', 'The demo does not know the plugin.'),
            zone('./plugin/src/floormap', './plugin/src/pages', 'Panels never import pages.'),
            {
              ...zone('./plugin/src/floormap/geometry', './plugin/src', 'Geometry imports no other folder.'),
              except: ['./floormap/geometry'],
            },
          ],
        },
      ],
    },
  },
  prettier,
]);
