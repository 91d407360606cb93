import { BigValueColorMode, BigValueGraphMode, BigValueTextMode } from '@grafana/schema';
import { PanelBuilders, type VizPanel } from '@grafana/scenes';
import { ThresholdsMode } from '@grafana/data';
import { fleetCounts } from '../../queries/fleet';
import { fleetAt } from '../../queries/fleetAt';
import { runAtMoment } from './momentRunner';

/** Counts that are good news or none, with their colour; the map's markers have the same. */
const CALM = { Robots: 'text', Online: 'green', Working: 'green', Idle: 'blue', Charging: 'yellow', Offline: 'text' };
/** Counts that should be 0: they take their colour as soon as they are not. */
const TROUBLE = { Blocked: 'orange', Error: 'red', Silent: 'red', 'Low battery': 'orange' };

/** One line of figures on the whole fleet. */
export function fleetCountsPanel(): VizPanel {
  return (
    PanelBuilders.stat()
      .setTitle('')
      .setHoverHeader(true)
      .setData(runAtMoment(fleetCounts(), (atMs) => fleetCounts(fleetAt(atMs))))
      .setOption('colorMode', BigValueColorMode.Value)
      .setOption('graphMode', BigValueGraphMode.None)
      .setOption('textMode', BigValueTextMode.ValueAndName)
      // Each name above its figure: side by side on a wide screen, a figure would stand next to the following name.
      .setOption('wideLayout', false)
      .setOption('reduceOptions', { calcs: ['lastNotNull'], fields: '/.*/', values: false })
      // Not 0: a database that does not answer has not counted any robots.
      .setNoValue('–')
      .setOverrides((overrides) => {
        for (const [name, color] of Object.entries(CALM)) {
          overrides.matchFieldsWithName(name).overrideColor({ mode: 'fixed', fixedColor: color });
        }
        for (const [name, color] of Object.entries(TROUBLE)) {
          overrides
            .matchFieldsWithName(name)
            .overrideThresholds({
              mode: ThresholdsMode.Absolute,
              steps: [
                { value: -Infinity, color: 'text' },
                { value: 1, color },
              ],
            })
            .overrideColor({ mode: 'thresholds' });
        }
      })
      .build()
  );
}
