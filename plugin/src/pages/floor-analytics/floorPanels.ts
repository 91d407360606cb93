import { t } from '@grafana/i18n';
import { PanelBuilders, VizPanel } from '@grafana/scenes';
import { NEW_LAYER, type HeatLayer } from '../../floormap/heatmap/heatLayer';
import { endedAtMs } from '../../floormap/fleet/moment';
import { PLAYBACK_LINK, ROBOT_PAGE_LINK } from '../../grafana/address';
import { FLOOR_MAP_PANEL } from '../../grafana/identifiers';
import { FLEET_NOW, fleetThen } from '../../queries/fleet';
import { fleetAt } from '../../queries/fleetAt';
import { cellTable, measureCells, silencePlaces, zoneTable } from '../../queries/floorAnalytics';
import { CELL_MEASURES } from '../../queries/floorCells';
import { rangeBefore, readFloorChoice, type FloorChoice, type FloorMeasure } from '../../queries/floorChoice';
import { showTexts } from '../../queries/queryRunner';
import { measureTexts } from '../../queries/measureTexts';
import { runForRange } from '../../queries/rangeRunner';
import { linkWords, titleColumns } from '../columnTitles';
import { mapFieldConfig } from '../robotLinks';

const noCell = () =>
  t('floor.none', 'Nothing of this kind in this time range. The first minute appears about 90 s after its end.');

/** The floor plan with the cells of the measure: B, and of the range that it is compared with: C. */
export function floorPanel(choice: FloorChoice): VizPanel {
  return new VizPanel({
    key: 'floor-analytics-map',
    pluginId: FLOOR_MAP_PANEL,
    fieldConfig: mapFieldConfig(),
    title: t('floor.map.title', '{{measure}} on the floor', { measure: measureOf(choice.measure).name }),
    description: `${measureOf(choice.measure).meaning} ${t('floor.map.robots', 'Robots are where they are at the end of the time range.')}`,
    $data: runForRange((range, parameters, timeRange): Record<string, string> => {
      const { measure, map, ...rest } = readFloorChoice(parameters);
      const endMs = endedAtMs(timeRange, Date.now());
      const fleet = Number.isNaN(endMs) ? FLEET_NOW : fleetThen(fleetAt(endMs));
      if (measure === 'silence') return { A: fleet, B: silencePlaces(range, map) };
      const before = rangeBefore(range, { measure, map, ...rest });
      if (!before) return { A: fleet, B: measureCells(measure, range, map) };
      return { A: fleet, B: measureCells(measure, range, map, before), C: measureCells(measure, before, map, range) };
    }),
    options: { mapId: choice.map, trailPoints: 0, layers: [layerOf(choice)] },
  });
}

function layerOf({ measure, compare }: FloorChoice): HeatLayer {
  const { name, unit, scheme, min = null, max = null } = measureOf(measure);
  const isCompared = compare !== '' && measure !== 'silence';
  return {
    ...NEW_LAYER,
    ...{ name, unit, scheme, isShown: true, compareWith: isCompared ? 'C' : '' },
    ...(isCompared ? {} : { min, max }),
  };
}

function measureOf(measure: FloorMeasure) {
  if (measure !== 'silence') return { ...CELL_MEASURES[measure], ...measureTexts(measure) };
  return {
    name: t('floor.measure.silence', 'Silence'),
    meaning: t(
      'floor.measure.silence_what',
      'How often robots stopped reporting for more than 60 s after they were in each square metre.'
    ),
    unit: 'none',
    scheme: 'continuous-purples',
    min: undefined,
    max: undefined,
  };
}

const ZONE_FIGURES = ['Robots', 'Waiting', 'Congestion', 'Errors', 'Localisation', 'Tasks per hour'];

export function zonesPanel(): VizPanel {
  const suffixes = ['', ' before'];
  return PanelBuilders.table()
    .setTitle(t('floor.zones.title', 'Zones'))
    .setDescription(
      t(
        'floor.zones.what',
        'Robots: how many were in the zone on average. Waiting: share of their time blocked, or working below 0.1 m/s. Congestion: time per hour that robots waited with another robot beside them. Tasks: those that ended there.'
      )
    )
    .setData(
      showTexts(
        runForRange((range, parameters) => {
          const choice = readFloorChoice(parameters);
          return { A: zoneTable(range, rangeBefore(range, choice), choice.map) };
        })
      )
    )
    .setNoValue(
      t(
        'floor.zones.none',
        'No robot was in a zone in this time range. Zones come with the floor plan: ingestor floorplan import.'
      )
    )
    .setCustomFieldConfig('minWidth', 80)
    .setOverrides((overrides) => {
      titleColumns(overrides, [
        'Zone',
        'Floor',
        ...suffixes.flatMap((suffix) => ZONE_FIGURES.map((name) => name + suffix)),
      ]);
      overrides.matchFieldsWithName('Zone').overrideCustomFieldConfig('minWidth', 130);
      for (const suffix of suffixes) {
        const field = (name: string) => overrides.matchFieldsWithName(`${name}${suffix}`).overrideNoValue('–');
        field('Robots').overrideDecimals(2);
        field('Waiting').overrideUnit('percent').overrideDecimals(0);
        // Hours, minutes and seconds: the title says of what.
        field('Congestion').overrideUnit('dthms').overrideCustomFieldConfig('width', 190);
        field('Localisation').overrideUnit('percent').overrideDecimals(0);
        field('Tasks per hour').overrideDecimals(1).overrideCustomFieldConfig('width', 120);
      }
    })
    .build();
}

export function cellsPanel({ measure }: FloorChoice): VizPanel {
  const shownMeasure = measure === 'silence' ? 'congestion' : measure;
  const { unit } = CELL_MEASURES[shownMeasure];
  return PanelBuilders.table()
    .setTitle(t('floor.cells.title', '{{measure}} by square metre', { measure: measureTexts(shownMeasure).name }))
    .setDescription(t('floor.cells.what', 'The 100 squares with most; in a comparison, those where it has grown most.'))
    .setData(
      showTexts(
        runForRange((range, parameters) => {
          const choice = readFloorChoice(parameters);
          const shown = choice.measure === 'silence' ? 'congestion' : choice.measure;
          return { A: cellTable(shown, range, rangeBefore(range, choice), choice.map) };
        })
      )
    )
    .setNoValue(noCell())
    .setCustomFieldConfig('minWidth', 70)
    .setOverrides((overrides) => {
      titleColumns(overrides, ['Floor', 'Amount', 'Before', 'Change']);
      for (const axis of ['x', 'y']) overrides.matchFieldsWithName(axis).overrideUnit('suffix: m').overrideDecimals(1);
      for (const value of ['Amount', 'Before', 'Change']) {
        overrides.matchFieldsWithName(value).overrideUnit(unit).overrideDecimals(1);
      }
    })
    .build();
}

const SILENCE_COLUMNS = ['Last robot', 'Map', 'Floor', 'Silences', 'Robots', 'Total', 'Longest', 'Last'];

export function silencePanel(): VizPanel {
  return PanelBuilders.table()
    .setTitle(t('floor.silence.title', 'Where robots stop reporting'))
    .setDescription(
      t(
        'floor.silence.what',
        'Squares from which robots reported last before more than 60 s without an event, such as holes of the Wi-Fi. "play" shows the last robot on the map, from two minutes before. An outage of the whole pipeline shows each robot once, where it was.'
      )
    )
    .setData(
      showTexts(runForRange((range, parameters) => ({ A: silencePlaces(range, readFloorChoice(parameters).map) })))
    )
    .setNoValue(t('floor.silence.none', 'No robot was silent for more than 60 s in this time range'))
    .setCustomFieldConfig('minWidth', 70)
    .setOverrides((overrides) => {
      titleColumns(overrides, SILENCE_COLUMNS);
      for (const name of ['map_id', 'value', 'robot_id', 'started_ms', 'from_ms', 'to_ms']) {
        // The id of the table's own option: it has no option `hideFrom`.
        overrides.matchFieldsWithName(name).overrideCustomFieldConfig('hideFrom.viz' as never, true as never);
      }
      for (const axis of ['x', 'y']) overrides.matchFieldsWithName(axis).overrideUnit('suffix: m').overrideDecimals(1);
      for (const name of ['Total', 'Longest']) overrides.matchFieldsWithName(name).overrideUnit('dthms');
      overrides
        .matchFieldsWithName('Last')
        .overrideUnit('dateTimeAsIsoNoDateIfToday')
        .overrideCustomFieldConfig('width', 150);
      overrides
        .matchFieldsWithName('Last robot')
        .overrideCustomFieldConfig('minWidth', 110)
        .overrideLinks([{ title: t('tasks.open_robot', 'Open the page of ${__value.text}'), url: ROBOT_PAGE_LINK }]);
      overrides
        .matchFieldsWithName('Map')
        .overrideCustomFieldConfig('width', 60)
        .overrideMappings(linkWords())
        .overrideLinks([{ title: t('floor.silence.play', 'Play the last one on the map'), url: PLAYBACK_LINK }]);
    })
    .build();
}
