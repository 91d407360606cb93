import { CycloneDxWebpackPlugin } from '@cyclonedx/webpack-plugin';
import CopyWebpackPlugin from 'copy-webpack-plugin';
import type { Compiler, Configuration } from 'webpack';
import { basename, dirname } from 'node:path';
import { merge } from 'webpack-merge';
import grafanaConfig, { type Env } from './.config/webpack/webpack.config.ts';

/**
 * The scaffold's configuration, with runbooks as the Markdown they are written in and the nested panel's own logo. A production
 * build lists what it contains, with the licences, in sbom/.
 */
export default async function config(env: Env): Promise<Configuration> {
  return merge(await grafanaConfig(env), {
    module: { rules: [{ test: /\.md$/, type: 'asset/source' }] },
    plugins: [
      new CopyWebpackPlugin({
        patterns: [
          { from: 'floormap/img', to: 'floormap/img' },
          // Grafana reads the texts of a plugin from its own folder, under its own id.
          {
            from: 'locales/*/*.json',
            to: ({ absoluteFilename = '' }) =>
              `floormap/locales/${basename(dirname(absoluteFilename))}/floorwatch-floormap-panel.json`,
          },
        ],
      }),
      { apply: emitChunksBesidePanel },
      ...(env.production ? [softwareBillOfMaterials()] : []),
    ],
  });
}

function softwareBillOfMaterials(): CycloneDxWebpackPlugin {
  return new CycloneDxWebpackPlugin({
    outputLocation: 'sbom',
    includeWellknown: false,
    // Equal sources give equal files: no serial number and no time.
    reproducibleResults: true,
    rootComponentType: 'application',
    // The texts of the licences.
    collectEvidence: true,
  });
}

/** Grafana serves the nested panel from floormap/, so the panel looks for the code that it loads later there. */
function emitChunksBesidePanel(compiler: Compiler): void {
  const { Compilation } = compiler.webpack;
  compiler.hooks.thisCompilation.tap('emitChunksBesidePanel', (compilation) => {
    // After the hashes are final: they are those of subresource integrity.
    compilation.hooks.processAssets.tap(
      { name: 'emitChunksBesidePanel', stage: Compilation.PROCESS_ASSETS_STAGE_REPORT },
      () => {
        const groups = [...(compilation.entrypoints.get('floormap/module')?.getChildren() ?? [])];
        for (const group of groups) groups.push(...group.getChildren().filter((child) => !groups.includes(child)));
        for (const file of new Set(groups.flatMap((group) => group.getFiles()))) {
          const asset = compilation.getAsset(file);
          if (asset) compilation.emitAsset(`floormap/${file}`, asset.source, asset.info);
        }
      }
    );
  });
}
