import { MappingType, type ValueMapping } from '@grafana/data';
import { t } from '@grafana/i18n';
import { PanelBuilders, type VizPanel } from '@grafana/scenes';
import { GraphDrawStyle, StackingMode } from '@grafana/schema';
import { runByAddress } from '../../queries/addressRunner';
import { idOfAddress } from '../../queries/oneRobot';
import { robotAnomalyScores, robotBesidePeers } from '../../queries/robotAnomaly';
import { LATE_SECONDS, robotDelay, robotRhythm, robotRhythmSummary } from '../../queries/robotTelemetry';
import { withColumns } from '../tableColumns';

const ofRobot = (sqlOf: (robotId: string) => string) => (parameters: URLSearchParams) => sqlOf(idOfAddress(parameters));

export function rhythmSummaryPanel(): VizPanel {
  return PanelBuilders.stat()
    .setTitle(t('robot.rhythm_summary.title', 'Rhythm in this time range'))
    .setDescription(
      t(
        'robot.rhythm_summary.what',
        "The shortest delay is hardly anything but the offset of the robot's clock: below 0 the clock is ahead."
      )
    )
    .setData(runByAddress(ofRobot(robotRhythmSummary)))
    .setNoValue('–')
    .setOption('reduceOptions', { values: false, calcs: ['lastNotNull'], fields: '/.*/' })
    .setOption('wideLayout', false)
    .setColor({ mode: 'fixed', fixedColor: 'text' })
    .setOverrides((overrides) => {
      const show = (name: string, title: string, unit: string, decimals: number) =>
        overrides.matchFieldsWithName(name).overrideDisplayName(title).overrideUnit(unit).overrideDecimals(decimals);
      show('events', t('robot.rhythm.events', 'Events'), 'short', 0);
      show('late', t('robot.rhythm.late', 'Late'), 'short', 0);
      show('usual_gap_seconds', t('robot.rhythm.usual', 'Usual time between events'), 's', 1);
      show('longest_gap_seconds', t('robot.rhythm.longest', 'Longest time without an event'), 's', 0);
      show('shortest_delay_seconds', t('robot.rhythm.offset', 'Shortest delay'), 's', 1);
    })
    .build();
}

export function rhythmPanel(): VizPanel {
  return PanelBuilders.timeseries()
    .setTitle(t('robot.rhythm.title', 'Events: live, late and missing'))
    .setDescription(
      t(
        'robot.rhythm.what',
        'Late: stored more than {{seconds}} s after its own time. Missing: in gaps that are longer than the rhythm of the robot in this time range.',
        { seconds: LATE_SECONDS }
      )
    )
    .setData(runByAddress(ofRobot(robotRhythm), { shape: 'timeseries' }))
    .setNoValue(t('robot.rhythm.none', 'No event in this time range'))
    .setUnit('short')
    .setDecimals(0)
    .setMin(0)
    .setCustomFieldConfig('drawStyle', GraphDrawStyle.Bars)
    .setCustomFieldConfig('fillOpacity', 80)
    .setCustomFieldConfig('lineWidth', 0)
    .setCustomFieldConfig('stacking', { mode: StackingMode.Normal, group: 'A' })
    .setOverrides((overrides) => {
      const show = (name: string, title: string, color: string) =>
        overrides
          .matchFieldsWithName(name)
          .overrideDisplayName(title)
          .overrideColor({ mode: 'fixed', fixedColor: color });
      show('Live', t('robot.rhythm.live', 'Live'), 'green');
      show('Late', t('robot.rhythm.late', 'Late'), 'orange');
      show('Missing', t('robot.rhythm.missing', 'Missing'), 'red');
    })
    .build();
}

export function delayPanel(): VizPanel {
  return PanelBuilders.timeseries()
    .setTitle(t('robot.delay.title', "Delay from the robot's clock to ClickHouse"))
    .setDescription(
      t(
        'robot.delay.what',
        "A constant delay is the offset of the robot's clock; below 0 its clock is ahead. Peaks are late events."
      )
    )
    .setData(runByAddress(ofRobot(robotDelay), { shape: 'timeseries' }))
    .setNoValue(t('robot.delay.none', 'No live event in this time range'))
    .setUnit('s')
    .setOverrides((overrides) => {
      const show = (name: string, title: string) => overrides.matchFieldsWithName(name).overrideDisplayName(title);
      show('Shortest', t('robot.delay.shortest', 'Shortest'));
      show('Median', t('robot.delay.median', 'Median'));
      show('Longest', t('robot.delay.longest', 'Longest'));
    })
    .build();
}

export function anomalyPanel(): VizPanel {
  return PanelBuilders.timeseries()
    .setTitle(t('robot.anomaly.title', 'Anomaly score by hour, last 7 days'))
    .setDescription(
      t(
        'robot.anomaly.what',
        'How unlike its own last 24 hours and unlike all robots the robot was in an hour: 0 is normal, 6 the maximum. Every whole hour has a score.'
      )
    )
    .setData(runByAddress(ofRobot(robotAnomalyScores), { shape: 'timeseries' }))
    .setNoValue(t('robot.anomaly.none', 'No whole hour of this robot in the last 7 days'))
    .setMin(0)
    .setMax(6)
    .setDecimals(1)
    .setOverrides((overrides) => {
      const show = (name: string, title: string) => overrides.matchFieldsWithName(name).overrideDisplayName(title);
      show('Longest gap', t('robot.part.gap', 'Longest gap'));
      show('Errors', t('robot.part.errors', 'Errors'));
      show('Battery drain', t('robot.part.drain', 'Battery drain'));
      show('Speed', t('robot.part.speed', 'Speed'));
    })
    .build();
}

export function peersPanel(): VizPanel {
  return withColumns(
    PanelBuilders.table()
      .setTitle(t('robot.peers.title', 'Last whole hour beside all robots'))
      .setDescription(
        t(
          'robot.peers.what',
          'Place 1 has the highest value of all robots. Gap in seconds, errors, drain in percent of charge, speed in m/s.'
        )
      )
      .setData(runByAddress(ofRobot(robotBesidePeers)))
      .setNoValue(t('robot.anomaly.none', 'No whole hour of this robot in the last 7 days')),
    {
      part: { title: t('robot.peers.part', 'Part'), minWidth: 110, mappings: partNames() },
      own: { title: t('robot.peers.own', 'This robot'), width: 105, unit: 'short', decimals: 2 },
      median: { title: t('robot.peers.median', 'Median'), width: 90, unit: 'short', decimals: 2 },
      p95: { title: t('robot.peers.p95', 'p95'), width: 80, unit: 'short', decimals: 2 },
      place: { title: t('robot.peers.place', 'Place'), width: 70, unit: 'short', decimals: 0 },
      robots: { title: t('robot.peers.robots', 'of robots'), width: 90, unit: 'short', decimals: 0 },
      score: { title: t('robot.peers.score', 'Score'), width: 70, unit: 'short', decimals: 1, orange: 2, red: 4 },
      hour: { title: t('robot.peers.hour', 'Hour'), width: 160, unit: 'dateTimeAsIso' },
    }
  ).build();
}

function partNames(): ValueMapping[] {
  const options = {
    gap: { text: t('robot.part.gap', 'Longest gap') },
    errors: { text: t('robot.part.errors', 'Errors') },
    drain: { text: t('robot.part.drain', 'Battery drain') },
    speed: { text: t('robot.part.speed', 'Speed') },
  };
  return [{ type: MappingType.ValueToText, options }];
}
