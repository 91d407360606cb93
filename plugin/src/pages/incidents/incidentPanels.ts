import { dateTime, FieldType, LoadingState, MappingType, toDataFrame, type PanelData } from '@grafana/data';
import { t } from '@grafana/i18n';
import { PanelBuilders, SceneDataNode, type VizPanel } from '@grafana/scenes';
import { AxisPlacement, BigValueGraphMode } from '@grafana/schema';
import { statusWord } from '../../floormap/fleet/status';
import { showText } from '../../grafana/showText';
import { commonTraits, flowBefore, TROUBLE_OVER_TIME } from '../../queries/incidents';
import { LAG_SECONDS_BY_PARTITION } from '../../queries/metrics';
import { robotStates } from '../../queries/oneRobot';
import { STORED_OVER_TIME } from '../../queries/pipeline';
import { refIdOf, runRange, runSeries, runTable, seriesQueries, showTexts } from '../../queries/queryRunner';
import { colourOfStatus, statusMappings } from '../statusMappings';
import { withColumns } from '../tableColumns';
import { firingOverTime, type Incident } from './incidents';
import type { IncidentStore } from './incidentStore';

/** How many alerts of each rule fired, over the time range. */
export function alertsPanel(store: IncidentStore): VizPanel {
  const node = new SceneDataNode({ data: alertData([], 0, 0) });
  node.addActivationHandler(() => {
    const update = () => {
      const { incidents, fromMs, toMs } = store.state;
      node.setState({ data: alertData(incidents ?? [], fromMs, toMs) });
    };
    update();
    const subscription = store.subscribeToState(update);
    return () => subscription.unsubscribe();
  });
  return (
    PanelBuilders.timeseries()
      .setTitle(t('incidents.alerts.title', 'Firing alerts by rule'))
      .setData(node)
      .setNoValue(t('incidents.alerts.none', 'No alert fired in this time range'))
      .setUnit('short')
      .setDecimals(0)
      .setMin(0)
      .setCustomFieldConfig('lineInterpolation', 'stepAfter' as never)
      .setCustomFieldConfig('fillOpacity', 25)
      .setCustomFieldConfig('axisSoftMax', 1)
      // An alert is trouble: no rule of several may be green.
      .setColor({ mode: 'shades', fixedColor: 'red' })
      .build()
  );
}

function alertData(incidents: readonly Incident[], fromMs: number, toMs: number): PanelData {
  const endMs = Math.min(toMs, Date.now());
  const series = [...firingOverTime(incidents, { fromMs, toMs: endMs })].map(([rule, points]) => {
    const first = points[0]?.timeMs ?? fromMs;
    const all = [
      ...(first > fromMs ? [{ timeMs: fromMs, firing: 0 }] : []),
      ...points,
      { timeMs: endMs, firing: points.at(-1)?.firing ?? 0 },
    ];
    return toDataFrame({
      fields: [
        { name: 'time', type: FieldType.time, values: all.map(({ timeMs }) => timeMs) },
        { name: showText(rule), type: FieldType.number, values: all.map(({ firing }) => firing) },
      ],
    });
  });
  const range = { from: dateTime(fromMs), to: dateTime(toMs) };
  return { state: LoadingState.Done, series, timeRange: { ...range, raw: range } };
}

export function troublePanel(): VizPanel {
  return PanelBuilders.timeseries()
    .setTitle(t('incidents.trouble.title', 'Robots in error, blocked or silent'))
    .setDescription(
      t('incidents.trouble.what', 'On average in each interval, of the robots that reported in it or shortly before.')
    )
    .setData(runSeries(TROUBLE_OVER_TIME))
    .setNoValue(t('incidents.trouble.none', 'No robot reported in this time range'))
    .setUnit('short')
    .setMin(0)
    .setOverrides((overrides) => {
      for (const status of ['error', 'blocked', 'silent']) {
        overrides
          .matchFieldsWithName(status)
          .overrideDisplayName(statusWord(status))
          .overrideColor({ mode: 'fixed', fixedColor: colourOfStatus(status) });
      }
    })
    .build();
}

export function flowPanel(): VizPanel {
  return PanelBuilders.timeseries()
    .setTitle(t('incidents.flow.title', 'Events per second, both paths'))
    .setData(runSeries(STORED_OVER_TIME))
    .setNoValue(t('incidents.flow.none', 'No event in this time range'))
    .setUnit('eps')
    .setMin(0)
    .setOption('legend', { showLegend: false })
    .setOverrides((overrides) =>
      overrides.matchFieldsWithName('events').overrideDisplayName(t('incidents.flow.events', 'Events'))
    )
    .build();
}

export function lagPanel(): VizPanel {
  return PanelBuilders.timeseries()
    .setTitle(t('incidents.lag.title', 'Lag per partition'))
    .setData(runRange([{ expr: LAG_SECONDS_BY_PARTITION, legendFormat: '{{group}} {{topic}}/{{partition}}' }]))
    .setNoValue(t('incidents.lag.none', 'No sample in this time range: the ingestor or Prometheus does not answer'))
    .setUnit('s')
    .setMin(0)
    .build();
}

/** Robots whose timelines are shown; the others of a large incident are like these. */
export const MOST_TIMELINES = 12;

export function timelinesPanel(robotIds: readonly string[]): VizPanel {
  const noEvent = { color: '#b4b9c0', text: t('robot.timeline.no_event', 'no event in this time range') };
  const shown = robotIds.slice(0, MOST_TIMELINES);
  const runner = runSeries('');
  runner.setState({ queries: seriesQueries(shown.map(robotStates)) });
  return PanelBuilders.statetimeline()
    .setTitle(t('incidents.timelines.title', 'Affected robots, 15 minutes before and after'))
    .setDescription(t('incidents.timelines.what', 'States as reported, and silent from 60 s after the last event.'))
    .setData(showTexts(runner))
    .setOption('mergeValues', true)
    .setOption('rowHeight', 0.85)
    .setOption('perPage', 0)
    .setCustomFieldConfig('axisPlacement', AxisPlacement.Auto)
    .setMappings([
      ...statusMappings(),
      { type: MappingType.RegexToText, options: { pattern: '^no event.*', result: noEvent } },
    ])
    .setOverrides((overrides) =>
      shown.forEach((id, k) => overrides.matchFieldsByQuery(refIdOf(k)).overrideDisplayName(showText(id)))
    )
    .build();
}

export function momentFlowPanel(atMs: number): VizPanel {
  return PanelBuilders.stat()
    .setTitle(t('incidents.moment_flow.title', 'Flow in the minute before'))
    .setDescription(
      t('incidents.moment_flow.what', 'Of all robots; the delay is from the time of an event until ClickHouse had it.')
    )
    .setData(runTable(flowBefore(atMs)))
    .setNoValue('–')
    .setOption('graphMode', BigValueGraphMode.None)
    .setOption('reduceOptions', { values: false, calcs: ['lastNotNull'], fields: '/.*/' })
    .setColor({ mode: 'fixed', fixedColor: 'text' })
    .setOverrides((overrides) => {
      const show = (name: string, title: string, unit: string, decimals: number) =>
        overrides.matchFieldsWithName(name).overrideDisplayName(title).overrideUnit(unit).overrideDecimals(decimals);
      show('events_per_second', t('incidents.moment_flow.rate', 'Events per second'), 'short', 1);
      show('robots', t('incidents.moment_flow.robots', 'Reporting robots'), 'short', 0);
      show('delay_p50_seconds', t('incidents.moment_flow.p50', 'Delay p50'), 's', 1);
      show('delay_p95_seconds', t('incidents.moment_flow.p95', 'Delay p95'), 's', 1);
    })
    .build();
}

export function traitsPanel(robotIds: readonly string[], atMs: number): VizPanel {
  return withColumns(
    PanelBuilders.table()
      .setTitle(t('incidents.traits.title', 'What the affected robots have in common'))
      .setDescription(
        t(
          'incidents.traits.what',
          'Lift: how many times as frequent it is among the affected robots as in the fleet. Only what is more frequent among them.'
        )
      )
      .setData(runTable(commonTraits(robotIds, atMs)))
      .setNoValue(
        t('incidents.traits.none', 'Nothing: site, floor, zone, model, firmware and path are as in the whole fleet')
      ),
    {
      trait: { title: t('incidents.traits.trait', 'Trait'), width: 90, mappings: traitNames() },
      value: { title: t('incidents.traits.value', 'Value'), minWidth: 120, isWrapped: true },
      affected: { title: t('incidents.traits.affected', 'Affected'), width: 80, unit: 'short', decimals: 0 },
      all_affected: { title: t('incidents.traits.all_affected', 'of'), width: 60, unit: 'short', decimals: 0 },
      fleet: { title: t('incidents.traits.fleet', 'In the fleet'), width: 95, unit: 'short', decimals: 0 },
      all_fleet: { title: t('incidents.traits.all_fleet', 'of'), width: 60, unit: 'short', decimals: 0 },
      lift: { title: t('incidents.traits.lift', 'Lift'), width: 70, unit: 'short', decimals: 1 },
    }
  ).build();
}

function traitNames() {
  const options = {
    site: { text: t('incidents.trait.site', 'Site') },
    floor: { text: t('incidents.trait.floor', 'Floor') },
    zone: { text: t('incidents.trait.zone', 'Zone') },
    model: { text: t('incidents.trait.model', 'Model') },
    firmware: { text: t('incidents.trait.firmware', 'Firmware') },
    path: { text: t('incidents.trait.path', 'Path') },
  };
  return [{ type: MappingType.ValueToText as const, options }];
}
