import { ThresholdsMode, type ThresholdsConfig, type ValueMapping } from '@grafana/data';
import { TableCellDisplayMode } from '@grafana/schema';
import type { PanelBuilders } from '@grafana/scenes';

/** How one column of a table looks. Its name is that of the field; `title` is what people read. */
export interface TableColumn {
  title: string;
  /** Pixels; without it, the column takes what is left, and at least `minWidth`. */
  width?: number;
  minWidth?: number;
  /** Grafana's id of a unit. */
  unit?: string;
  decimals?: number;
  isWrapped?: boolean;
  /** From these values on, the text is orange or red. */
  orange?: number;
  red?: number;
  mappings?: ValueMapping[];
  isPill?: boolean;
  links?: Array<{ title: string; url: string }>;
  isHidden?: boolean;
}

type TableBuilder = ReturnType<typeof PanelBuilders.table>;

/** Adds the looks of columns, by the names of their fields. */
export function withColumns(table: TableBuilder, columns: Readonly<Record<string, TableColumn>>): TableBuilder {
  return table.setCustomFieldConfig('minWidth', 60).setOverrides((overrides) => {
    for (const [name, column] of Object.entries(columns)) {
      const field = overrides.matchFieldsWithName(name).overrideDisplayName(column.title).overrideNoValue('–');
      if (column.width !== undefined) field.overrideCustomFieldConfig('width', column.width);
      if (column.minWidth !== undefined) field.overrideCustomFieldConfig('minWidth', column.minWidth);
      if (column.unit !== undefined) field.overrideUnit(column.unit);
      if (column.decimals !== undefined) field.overrideDecimals(column.decimals);
      if (column.isWrapped) field.overrideCustomFieldConfig('wrapText', true);
      if (column.mappings) field.overrideMappings(column.mappings);
      if (column.links) field.overrideLinks(column.links);
      // The id of the table's own option: it has no option `hideFrom`.
      if (column.isHidden) field.overrideCustomFieldConfig('hideFrom.viz' as never, true as never);
      if (column.isPill) field.overrideCustomFieldConfig('cellOptions', { type: TableCellDisplayMode.Pill });
      if (column.orange !== undefined || column.red !== undefined) {
        field
          .overrideCustomFieldConfig('cellOptions', { type: TableCellDisplayMode.ColorText })
          .overrideColor({ mode: 'thresholds' })
          .overrideThresholds(thresholdsOf(column));
      }
    }
  });
}

export function thresholdsOf({ orange, red }: Pick<TableColumn, 'orange' | 'red'>, good = 'text'): ThresholdsConfig {
  return {
    mode: ThresholdsMode.Absolute,
    steps: [
      { value: -Infinity, color: good },
      ...(orange === undefined ? [] : [{ value: orange, color: 'orange' }]),
      ...(red === undefined ? [] : [{ value: red, color: 'red' }]),
    ],
  };
}
