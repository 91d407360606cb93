import { PanelOptionsEditorBuilder, type PanelPlugin } from '@grafana/data';
import { t } from '@grafana/i18n';
import { CalibrationEditor } from '../calibration/CalibrationEditor';
import { KNOWN_NAMES, ROBOT_FIELDS, type RobotField } from '../fleet/fields';
import { DEFAULT_OPTIONS, MOST_TRAIL_POINTS, type FloorMapOptions } from '../options/options';
import { LayersEditor } from './LayersEditor';
import { UNESCAPED } from '../../grafana/showText';

const fieldLabels = (): Record<RobotField, string> => ({
  robotId: t('map.field.robot_id', 'Robot'),
  x: t('map.field.x', 'x (m)'),
  y: t('map.field.y', 'y (m)'),
  heading: t('map.field.heading', 'Heading'),
  status: t('map.field.status', 'Status'),
  reportedState: t('map.field.reported_state', 'Reported state'),
  time: t('map.field.time', 'Time of last event'),
  age: t('map.field.age', 'Age of last event (s)'),
  positionAge: t('map.field.position_age', 'Age of position (s)'),
  silence: t('map.field.silence', 'Silence (s)'),
  battery: t('map.field.battery', 'Battery (%)'),
  speed: t('map.field.speed', 'Speed (m/s)'),
  mapId: t('map.field.map_id', 'Floor'),
  errorCode: t('map.field.error_code', 'Error'),
  taskId: t('map.field.task_id', 'Task'),
  deviation: t('map.field.deviation', 'Uncertainty (m)'),
  clockOffset: t('map.field.clock_offset', 'Clock offset (s)'),
  notPlacedReason: t('map.field.not_placed_reason', 'Reason for no place'),
  reportedAt: t('map.field.reported_at', 'Order of reports'),
});

const plan = () => [t('map.options.plan', 'Floor plan')];
const robots = () => [t('map.options.robots', 'Robots')];
const map = () => [t('map.options.map', 'Map')];
const layers = () => [t('map.layers.title', 'Layers')];
const fields = () => [t('map.options.fields', 'Fields')];

type Builder = PanelOptionsEditorBuilder<FloorMapOptions>;

/** The panel's options in Grafana's own editor. */
export const addOptions: Parameters<PanelPlugin<FloorMapOptions>['setPanelOptions']>[0] = (builder) => {
  addPlanOptions(builder);
  addMapOptions(builder);
  builder.addCustomEditor({
    id: 'layers',
    path: 'layers',
    name: t('map.option.layers.name', 'Layers'),
    description: t(
      'map.option.layers.what',
      'Coloured cells over the plan. The viewer shows and hides them on the map.'
    ),
    category: layers(),
    defaultValue: DEFAULT_OPTIONS.layers,
    editor: LayersEditor,
  });
  for (const meaning of ROBOT_FIELDS) {
    builder.addFieldNamePicker({
      path: `fields.${meaning}`,
      name: fieldLabels()[meaning],
      category: fields(),
      settings: {
        placeholderText: t('map.options.automatic', 'Automatic: {{names}}', {
          names: KNOWN_NAMES[meaning].slice(0, 3).join(', '),
          ...UNESCAPED,
        }),
      },
    });
  }
};

function addPlanOptions(builder: Builder): void {
  const isUrl = (options: FloorMapOptions) => options.planSource === 'url';
  const { metresPerPixel, originXMetres, originYMetres, yawDegrees } = DEFAULT_OPTIONS.planPlacement;
  builder
    .addRadio({
      path: 'planSource',
      name: t('map.option.plan_source.name', 'Plan'),
      description: t(
        'map.option.plan_source.what',
        "'Table' reads warehouse.v_floor_plans by map_id, through this panel's data source."
      ),
      category: plan(),
      defaultValue: DEFAULT_OPTIONS.planSource,
      settings: {
        options: [
          { value: 'database', label: t('map.options.table', 'Table') },
          { value: 'url', label: t('map.options.url', 'URL') },
          { value: 'none', label: t('map.options.none', 'None') },
        ],
      },
    })
    .addTextInput({
      path: 'planUrl',
      name: t('map.option.plan_url.name', 'URL'),
      description: t(
        'map.option.plan_url.what',
        'PNG, JPEG, WebP, SVG or PGM, or a ROS map YAML. ROS maps bring their own resolution and origin.'
      ),
      category: plan(),
      defaultValue: DEFAULT_OPTIONS.planUrl,
      showIf: isUrl,
    })
    .addCustomEditor({
      id: 'planCalibration',
      path: 'planPlacement',
      name: t('map.option.plan_calibration.name', 'Calibration'),
      description: t(
        'map.option.plan_calibration.what',
        'Places an image by points that you know. A ROS map needs none.'
      ),
      category: plan(),
      defaultValue: DEFAULT_OPTIONS.planPlacement,
      editor: CalibrationEditor,
      showIf: isUrl,
    });
  const placement = [
    ['metresPerPixel', t('map.option.metres_per_pixel.name', 'Metres per pixel'), metresPerPixel],
    ['originXMetres', t('map.option.origin_x_metres.name', 'Lower-left corner x (m)'), originXMetres],
    ['originYMetres', t('map.option.origin_y_metres.name', 'Lower-left corner y (m)'), originYMetres],
    ['yawDegrees', t('map.option.yaw_degrees.name', 'Turned counter-clockwise by (°)'), yawDegrees],
  ] as const;
  for (const [key, name, defaultValue] of placement) {
    builder.addNumberInput({ path: `planPlacement.${key}`, name, category: plan(), defaultValue, showIf: isUrl });
  }
  builder.addTextInput({
    path: 'mapId',
    name: t('map.option.map_id.name', 'Floor'),
    description: t(
      'map.option.map_id.what',
      'A map_id to stay on. Empty: the fullest floor, and the viewer may switch.'
    ),
    category: plan(),
    defaultValue: DEFAULT_OPTIONS.mapId,
  });
  builder.addNumberInput({
    path: 'rotateFloorsSeconds',
    name: t('map.option.rotate_floors_seconds.name', 'Rotate floors every (s)'),
    description: t(
      'map.option.rotate_floors_seconds.what',
      'For a wall: shows one floor after the other, and stays on a floor while somebody uses the map. 0: no rotation.'
    ),
    category: plan(),
    defaultValue: DEFAULT_OPTIONS.rotateFloorsSeconds,
    settings: { min: 0 },
    showIf: ({ mapId }) => !mapId,
  });
}

function addMapOptions(builder: Builder): void {
  builder
    .addNumberInput({
      path: 'silentAfterSeconds',
      name: t('map.option.silent_after_seconds.name', 'Silent after (s)'),
      description: t(
        'map.option.silent_after_seconds.what',
        'A robot whose last event is older is silent. If the query returns status and silent_seconds, its status decides instead.'
      ),
      category: robots(),
      defaultValue: DEFAULT_OPTIONS.silentAfterSeconds,
      settings: { min: 1 },
    })
    .addBooleanSwitch({
      path: 'live',
      name: t('map.option.live.name', 'Live'),
      description: t(
        'map.option.live.what',
        'Between two refreshes, asks about once per second which robots reported, while the dashboard refreshes itself and its time ends now. The query must return reported_at of warehouse.v_fleet_now.'
      ),
      category: robots(),
      defaultValue: DEFAULT_OPTIONS.live,
    })
    .addBooleanSwitch({
      path: 'headingInDegrees',
      name: t('map.option.heading_in_degrees.name', 'Heading in degrees'),
      category: robots(),
      defaultValue: DEFAULT_OPTIONS.headingInDegrees,
    })
    .addSliderInput({
      path: 'trailPoints',
      name: t('map.option.trail_points.name', 'Trail'),
      description: t('map.option.trail_points.what', "As many past updates as each robot's trail joins; 0 for none."),
      category: robots(),
      defaultValue: DEFAULT_OPTIONS.trailPoints,
      settings: { min: 0, max: MOST_TRAIL_POINTS, step: 1 },
    })
    .addBooleanSwitch({
      path: 'showAlerts',
      name: t('map.option.show_alerts.name', 'Firing alerts'),
      description: t(
        'map.option.show_alerts.what',
        'A halo on each robot that a firing alert names in its label robot_id.'
      ),
      category: map(),
      defaultValue: DEFAULT_OPTIONS.showAlerts,
    })
    .addTextInput({
      path: 'alertFolder',
      name: t('map.option.alert_folder.name', 'Folder of the alert rules'),
      description: t(
        'map.option.alert_folder.what',
        "Other folders' alerts do not mark robots: another team's robots can have the same ids. Empty: all folders."
      ),
      category: map(),
      defaultValue: DEFAULT_OPTIONS.alertFolder,
      showIf: ({ showAlerts }) => showAlerts,
    })
    .addBooleanSwitch({
      path: 'showLegend',
      name: t('map.option.show_legend.name', 'Legend'),
      category: map(),
      defaultValue: DEFAULT_OPTIONS.showLegend,
    })
    .addBooleanSwitch({
      path: 'showZones',
      name: t('map.option.show_zones.name', 'Zones and lanes'),
      description: t(
        'map.option.show_zones.what',
        "From warehouse.v_zones, v_lanes and v_stations by map_id, through this panel's data source."
      ),
      category: map(),
      defaultValue: DEFAULT_OPTIONS.showZones,
    })
    .addBooleanSwitch({
      path: 'wheelZoom',
      name: t('map.option.wheel_zoom.name', 'Zoom with the mouse wheel'),
      category: map(),
      defaultValue: DEFAULT_OPTIONS.wheelZoom,
    })
    .addTextInput({
      path: 'selectionVariable',
      name: t('map.option.selection_variable.name', 'Selection sets variable'),
      description: t(
        'map.option.selection_variable.what',
        'Name of a dashboard variable; other panels that use it then show the selected robots.'
      ),
      category: map(),
      defaultValue: DEFAULT_OPTIONS.selectionVariable,
    });
}
