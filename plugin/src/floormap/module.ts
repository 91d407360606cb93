import { PanelPlugin } from '@grafana/data';
import { FloorMapPanel } from './FloorMapPanel';
import { addOptions, type FloorMapOptions } from './options';

export const plugin = new PanelPlugin<FloorMapOptions>(FloorMapPanel).setPanelOptions(addOptions);
