import { FieldConfigProperty, PanelPlugin } from '@grafana/data';
import { FloorMapPanel } from './panel/FloorMapPanel';
import { addOptions } from './editor/addOptions';
import type { FloorMapOptions } from './options/options';

/** What a field of this panel can be given: data links for its robots, and a name. The rest has no meaning on a map. */
const MEANT = [FieldConfigProperty.Links, FieldConfigProperty.DisplayName];

/** The floor map as Grafana loads it. */
export function panelPlugin(): PanelPlugin<FloorMapOptions> {
  return (
    new PanelPlugin<FloorMapOptions>(FloorMapPanel)
      .setPanelOptions(addOptions)
      // Without it a dashboard keeps its annotations to itself.
      .setDataSupport({ annotations: true, alertStates: false })
      .useFieldConfig({
        disableStandardOptions: Object.values(FieldConfigProperty).filter((property) => !MEANT.includes(property)),
      })
  );
}
