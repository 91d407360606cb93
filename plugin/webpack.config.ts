import CopyWebpackPlugin from 'copy-webpack-plugin';
import type { Configuration } from 'webpack';
import { merge } from 'webpack-merge';
import grafanaConfig, { type Env } from './.config/webpack/webpack.config.ts';

/** The scaffold's configuration, with runbooks as the Markdown they are written in and the nested panel's own logo. */
export default async function config(env: Env): Promise<Configuration> {
  return merge(await grafanaConfig(env), {
    module: { rules: [{ test: /\.md$/, type: 'asset/source' }] },
    plugins: [new CopyWebpackPlugin({ patterns: [{ from: 'floormap/img', to: 'floormap/img' }] })],
  });
}
