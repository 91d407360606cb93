import { PanelOptionsEditorBuilder, type PanelPlugin } from '@grafana/data';
import { CalibrationEditor } from '../calibration/CalibrationEditor';
import { KNOWN_NAMES, ROBOT_FIELDS, type RobotField } from '../fleet/fields';
import { DEFAULT_OPTIONS, MOST_TRAIL_POINTS, type FloorMapOptions } from '../options/options';
import { LayersEditor } from './LayersEditor';

const FIELD_LABELS: Record<RobotField, string> = {
  robotId: 'Robot',
  x: 'x (m)',
  y: 'y (m)',
  heading: 'Heading',
  status: 'Status',
  reportedState: 'Reported state',
  time: 'Time of last event',
  age: 'Age of last event (s)',
  positionAge: 'Age of position (s)',
  silence: 'Silence (s)',
  battery: 'Battery (%)',
  speed: 'Speed (m/s)',
  mapId: 'Floor',
  errorCode: 'Error',
  taskId: 'Task',
  deviation: 'Uncertainty (m)',
  notPlacedReason: 'Reason for no place',
  reportedAt: 'Order of reports',
};

const PLAN = ['Floor plan'];
const ROBOTS = ['Robots'];
const MAP = ['Map'];
const LAYERS = ['Layers'];
const FIELDS = ['Fields'];

type Builder = PanelOptionsEditorBuilder<FloorMapOptions>;

/** The panel's options in Grafana's own editor. */
export const addOptions: Parameters<PanelPlugin<FloorMapOptions>['setPanelOptions']>[0] = (builder) => {
  addPlanOptions(builder);
  addMapOptions(builder);
  builder.addCustomEditor({
    id: 'layers',
    path: 'layers',
    name: 'Layers',
    description: 'Coloured cells over the plan. The viewer shows and hides them on the map.',
    category: LAYERS,
    defaultValue: DEFAULT_OPTIONS.layers,
    editor: LayersEditor,
  });
  for (const meaning of ROBOT_FIELDS) {
    builder.addFieldNamePicker({
      path: `fields.${meaning}`,
      name: FIELD_LABELS[meaning],
      category: FIELDS,
      settings: { placeholderText: `Automatic: ${KNOWN_NAMES[meaning].slice(0, 3).join(', ')}` },
    });
  }
};

function addPlanOptions(builder: Builder): void {
  const isUrl = (options: FloorMapOptions) => options.planSource === 'url';
  const { metresPerPixel, originXMetres, originYMetres, yawDegrees } = DEFAULT_OPTIONS.planPlacement;
  builder
    .addRadio({
      path: 'planSource',
      name: 'Plan',
      description: "'Table' reads warehouse.v_floor_plans by map_id, through this panel's data source.",
      category: PLAN,
      defaultValue: DEFAULT_OPTIONS.planSource,
      settings: {
        options: [
          { value: 'database', label: 'Table' },
          { value: 'url', label: 'URL' },
          { value: 'none', label: 'None' },
        ],
      },
    })
    .addTextInput({
      path: 'planUrl',
      name: 'URL',
      description: 'PNG, JPEG, WebP, SVG or PGM, or a ROS map YAML. ROS maps bring their own resolution and origin.',
      category: PLAN,
      defaultValue: DEFAULT_OPTIONS.planUrl,
      showIf: isUrl,
    })
    .addCustomEditor({
      id: 'planCalibration',
      path: 'planPlacement',
      name: 'Calibration',
      description: 'Places an image by points that you know. A ROS map needs none.',
      category: PLAN,
      defaultValue: DEFAULT_OPTIONS.planPlacement,
      editor: CalibrationEditor,
      showIf: isUrl,
    });
  const placement = [
    ['metresPerPixel', 'Metres per pixel', metresPerPixel],
    ['originXMetres', 'Lower-left corner x (m)', originXMetres],
    ['originYMetres', 'Lower-left corner y (m)', originYMetres],
    ['yawDegrees', 'Turned counter-clockwise by (°)', yawDegrees],
  ] as const;
  for (const [key, name, defaultValue] of placement) {
    builder.addNumberInput({ path: `planPlacement.${key}`, name, category: PLAN, defaultValue, showIf: isUrl });
  }
  builder.addTextInput({
    path: 'mapId',
    name: 'Floor',
    description: 'A map_id to stay on. Empty: the fullest floor, and the viewer may switch.',
    category: PLAN,
    defaultValue: DEFAULT_OPTIONS.mapId,
  });
}

function addMapOptions(builder: Builder): void {
  builder
    .addNumberInput({
      path: 'silentAfterSeconds',
      name: 'Silent after (s)',
      description:
        'A robot whose last event is older is silent. If the query returns status and silent_seconds, its status decides instead.',
      category: ROBOTS,
      defaultValue: DEFAULT_OPTIONS.silentAfterSeconds,
      settings: { min: 1 },
    })
    .addBooleanSwitch({
      path: 'live',
      name: 'Live',
      description:
        'Between two refreshes, asks about once per second which robots reported, while the dashboard refreshes itself and its time ends now. The query must return reported_at of warehouse.v_fleet_now.',
      category: ROBOTS,
      defaultValue: DEFAULT_OPTIONS.live,
    })
    .addBooleanSwitch({
      path: 'headingInDegrees',
      name: 'Heading in degrees',
      category: ROBOTS,
      defaultValue: DEFAULT_OPTIONS.headingInDegrees,
    })
    .addSliderInput({
      path: 'trailPoints',
      name: 'Trail',
      description: "As many past updates as each robot's trail joins; 0 for none.",
      category: ROBOTS,
      defaultValue: DEFAULT_OPTIONS.trailPoints,
      settings: { min: 0, max: MOST_TRAIL_POINTS, step: 1 },
    })
    .addBooleanSwitch({
      path: 'showAlerts',
      name: 'Firing alerts',
      description: 'A halo on each robot that a firing alert names in its label robot_id.',
      category: MAP,
      defaultValue: DEFAULT_OPTIONS.showAlerts,
    })
    .addTextInput({
      path: 'alertFolder',
      name: 'Folder of the alert rules',
      description:
        "Other folders' alerts do not mark robots: another team's robots can have the same ids. Empty: all folders.",
      category: MAP,
      defaultValue: DEFAULT_OPTIONS.alertFolder,
      showIf: ({ showAlerts }) => showAlerts,
    })
    .addBooleanSwitch({
      path: 'showLegend',
      name: 'Legend',
      category: MAP,
      defaultValue: DEFAULT_OPTIONS.showLegend,
    })
    .addBooleanSwitch({
      path: 'showZones',
      name: 'Zones and lanes',
      description: "From warehouse.v_zones, v_lanes and v_stations by map_id, through this panel's data source.",
      category: MAP,
      defaultValue: DEFAULT_OPTIONS.showZones,
    })
    .addBooleanSwitch({
      path: 'wheelZoom',
      name: 'Zoom with the mouse wheel',
      category: MAP,
      defaultValue: DEFAULT_OPTIONS.wheelZoom,
    })
    .addTextInput({
      path: 'selectionVariable',
      name: 'Selection sets variable',
      description: 'Name of a dashboard variable; other panels that use it then show the selected robots.',
      category: MAP,
      defaultValue: DEFAULT_OPTIONS.selectionVariable,
    });
}
