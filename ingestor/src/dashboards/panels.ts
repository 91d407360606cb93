/** Panels as Grafana reads them. The layout adds the id and the place. */
export interface Panel {
  type: string;
  title: string;
  /** What good looks like, and what to do otherwise. */
  description: string;
  /** Of 24. */
  width: number;
  /** Rows of 30 px and their gaps. */
  height: number;
  datasource: object;
  targets: object[];
  options: object;
  fieldConfig: { defaults: { unit: string; [option: string]: unknown }; overrides: object[] };
  transformations?: object[];
}

export const CLICKHOUSE = { type: 'grafana-clickhouse-datasource', uid: 'floorwatch-clickhouse' };
export const PROMETHEUS = { type: 'prometheus', uid: 'floorwatch-prometheus' };

/** What all panels have. Without data, a panel shows `noValue`. */
interface Common {
  title: string;
  description: string;
  width: number;
  height?: number;
  /** Of all columns that have none of their own. */
  unit?: string;
  noValue?: string;
}

interface Queried extends Common {
  /** A query on views, or PromQL by the name of its series (`{{label}}` is replaced). */
  query: string | Record<string, string>;
}

/** From which value on a number is orange or red. */
export interface Limits {
  orange?: number;
  red?: number;
}

function queryParts(query: Queried['query'], isSeries: boolean): Pick<Panel, 'datasource' | 'targets'> {
  if (typeof query === 'string') {
    const kind = isSeries ? { queryType: 'timeseries', format: 0 } : { queryType: 'table', format: 1 };
    const rawSql = query.replace(/\s+/g, ' ').trim();
    const target = { refId: 'A', datasource: CLICKHOUSE, editorType: 'sql', ...kind, rawSql };
    return { datasource: CLICKHOUSE, targets: [target] };
  }
  const targets = Object.entries(query).map(([legendFormat, expr], index) => ({
    refId: String.fromCharCode(65 + index),
    datasource: PROMETHEUS,
    expr,
    legendFormat,
    range: true,
  }));
  return { datasource: PROMETHEUS, targets };
}

function thresholds({ orange, red }: Limits): object {
  const steps: { color: string; value: number | null }[] = [{ color: 'text', value: null }];
  if (orange !== undefined) steps.push({ color: 'orange', value: orange });
  if (red !== undefined) steps.push({ color: 'red', value: red });
  return { mode: 'absolute', steps };
}

function common({ title, description, width, height = 8, unit = 'none', noValue = '–' }: Common) {
  return { title, description, width, height, defaults: { unit, noValue } };
}

/** One big number for each column of the only row. */
export function stat({ limits = {}, query, ...given }: Queried & { limits?: Record<string, Limits> }): Panel {
  const { defaults, ...rest } = common({ height: 4, ...given });
  return {
    type: 'stat',
    ...rest,
    ...queryParts(query, false),
    options: {
      reduceOptions: { calcs: ['lastNotNull'], fields: '/.*/', values: false },
      orientation: 'vertical',
      textMode: 'value_and_name',
      colorMode: 'value',
      graphMode: 'none',
      wideLayout: false,
    },
    fieldConfig: {
      defaults: { ...defaults, thresholds: thresholds({}) },
      overrides: Object.entries(limits).map(([column, limit]) =>
        override(column, { thresholds: thresholds(limit), color: { mode: 'thresholds' } })
      ),
    },
  };
}

interface Words extends Queried {
  /** Colors of texts, by a regular expression. A color is never alone: the text says the same. */
  colors: Record<string, string>;
  columns: Record<string, Column>;
  /** A row for each row of the answer, with the text of one column as its name. Without it, the columns of one row. */
  rows?: {
    name: string;
    value: string;
    /** Columns for links, which are not shown. */
    others: readonly string[];
  };
}

/** Texts and numbers as large as the panel allows, such as for a wall. */
export function words({ query, colors, columns, rows, ...given }: Words): Panel {
  const { defaults, ...rest } = common(given);
  const mappings = Object.entries(colors).map(([pattern, color], index) => {
    return { type: 'regex', options: { pattern: `/${pattern}.*/`, result: { color, index } } };
  });
  return {
    type: 'stat',
    ...rest,
    ...queryParts(query, false),
    options: {
      reduceOptions: {
        calcs: ['lastNotNull'],
        // Grafana compares the name that is shown, which is the one of a row in the column of values.
        fields: rows ? `/^(?!(?:${[rows.name, ...rows.others].join('|')})$)/` : '/.*/',
        values: rows !== undefined,
      },
      orientation: rows ? 'horizontal' : 'vertical',
      textMode: 'value_and_name',
      colorMode: 'value',
      graphMode: 'none',
      justifyMode: rows ? 'auto' : 'center',
      wideLayout: false,
    },
    fieldConfig: {
      defaults: {
        ...defaults,
        mappings,
        thresholds: thresholds({}),
      },
      overrides: [
        ...(rows ? [override(rows.value, { displayName: `\${__data.fields.${rows.name}}` })] : []),
        ...Object.entries(columns).map(([name, column]) => override(name, columnOptions(column))),
      ],
    },
  };
}

interface FloorMap extends Queried {
  /** Of the floor map panel; the others are its defaults. */
  options: { rotateFloorsSeconds: number };
}

export function floorMap({ query, options, ...given }: FloorMap): Panel {
  const { defaults, ...rest } = common(given);
  const fieldConfig = { defaults, overrides: [] };
  return { type: 'floorwatch-floormap-panel', ...rest, ...queryParts(query, false), options, fieldConfig };
}

interface Series extends Queried {
  draw?: 'line' | 'bars' | 'stacked';
  max?: number;
  /** Drawn as lines. */
  limits?: Limits;
  /** Such as `${__field.labels.reason}`. */
  displayName?: string;
  /** Of series by their name; the others have the colors of the palette. */
  colors?: Record<string, string>;
}

/** Values over time: the column `time`, and a series for each other column, or for each value of a text column. */
export function timeSeries({ draw = 'line', max, limits, displayName, colors = {}, query, ...given }: Series): Panel {
  const { defaults, ...rest } = common(given);
  const style = {
    line: { drawStyle: 'line', lineWidth: 1, fillOpacity: 5 },
    bars: { drawStyle: 'bars', lineWidth: 0, fillOpacity: 80, stacking: { mode: 'normal', group: 'A' } },
    stacked: { drawStyle: 'line', lineWidth: 0, fillOpacity: 70, stacking: { mode: 'normal', group: 'A' } },
  }[draw];
  return {
    type: 'timeseries',
    ...rest,
    ...queryParts(query, true),
    options: {
      legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
    fieldConfig: {
      defaults: {
        ...defaults,
        min: 0,
        ...(max !== undefined && { max }),
        ...(displayName !== undefined && { displayName }),
        ...(limits && { thresholds: thresholds(limits) }),
        custom: { ...style, showPoints: 'auto', ...(limits && { thresholdsStyle: { mode: 'line' } }) },
      },
      overrides: Object.entries(colors).map(([name, fixedColor]) =>
        override(name, { color: { mode: 'fixed', fixedColor } })
      ),
    },
  };
}

/** How a column of a table looks. */
export interface Column extends Limits {
  unit?: string;
  decimals?: number;
  /** px */
  width?: number;
  /** A long text: wraps, and can be opened. */
  text?: true;
  /** Where a click leads. */
  link?: { title: string; url: string };
}

export function table({ columns, query, ...given }: Queried & { columns: Record<string, Column> }): Panel {
  const { defaults, ...rest } = common(given);
  return {
    type: 'table',
    ...rest,
    ...queryParts(query, false),
    options: { showHeader: true, cellHeight: 'sm' },
    fieldConfig: {
      defaults: { ...defaults, custom: { minWidth: 70 } },
      overrides: [
        // The default is for a table without rows; this is for a cell without a value.
        { matcher: { id: 'byRegexp', options: '/.*/' }, properties: [{ id: 'noValue', value: '–' }] },
        ...Object.entries(columns).map(([name, column]) => override(name, columnOptions(column))),
      ],
    },
  };
}

function columnOptions({ unit, decimals, width, text, link, orange, red }: Column): Record<string, unknown> {
  const isColored = orange !== undefined || red !== undefined;
  return {
    ...(unit !== undefined && { unit }),
    ...(decimals !== undefined && { decimals }),
    ...(width !== undefined && { 'custom.width': width }),
    ...(text && { 'custom.inspect': true, 'custom.wrapText': true }),
    ...(link && { links: [link] }),
    ...(isColored && {
      'custom.cellOptions': { type: 'color-text' },
      color: { mode: 'thresholds' },
      thresholds: thresholds({ ...(orange !== undefined && { orange }), ...(red !== undefined && { red }) }),
    }),
  };
}

/** Sets options of one column or series. */
function override(name: string, options: Record<string, unknown>): object {
  const properties = Object.entries(options).map(([id, value]) => ({ id, value }));
  return { matcher: { id: 'byName', options: name }, properties };
}

/** Counts how many rows have a value, in steps of ten. */
export function histogram({ query, ...given }: Queried): Panel {
  const { defaults, ...rest } = common(given);
  return {
    type: 'histogram',
    ...rest,
    ...queryParts(query, false),
    options: {
      bucketSize: 10,
      bucketOffset: 0,
      legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] },
    },
    fieldConfig: { defaults: { ...defaults, custom: { stacking: { mode: 'normal', group: 'A' } } }, overrides: [] },
  };
}

/** A row for each value of the first column, in the order of the query; a cell for each `time`. */
export function statusHistory({
  rows,
  colors,
  link,
  query,
  ...given
}: Queried & { rows: string; colors: [color: string, from: number | null][]; link: Column['link'] }): Panel {
  const { defaults, ...rest } = common(given);
  return {
    type: 'status-history',
    ...rest,
    ...queryParts(query, false),
    transformations: [
      { id: 'partitionByValues', options: { fields: [rows], keepFields: false, naming: { asLabels: true } } },
    ],
    options: {
      rowHeight: 0.9,
      colWidth: 0.95,
      showValue: 'never',
      perPage: 40,
      legend: { showLegend: true, displayMode: 'list', placement: 'bottom' },
      tooltip: { mode: 'single', sort: 'none' },
    },
    fieldConfig: {
      defaults: {
        ...defaults,
        displayName: `\${__field.labels.${rows}}`,
        color: { mode: 'thresholds' },
        thresholds: { mode: 'absolute', steps: colors.map(([color, value]) => ({ color, value })) },
        links: link ? [link] : [],
        custom: { lineWidth: 0, fillOpacity: 85 },
      },
      overrides: [],
    },
  };
}
