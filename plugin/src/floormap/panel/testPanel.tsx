import React from 'react';
import { EventBusSrv, getDefaultTimeRange, LoadingState, toDataFrame, type PanelProps } from '@grafana/data';
import { render } from '@testing-library/react';
import { FloorMapPanel } from './FloorMapPanel';
import { DEFAULT_OPTIONS, type FloorMapOptions } from '../options/options';

type Rows = Array<Record<string, unknown>>;

/** Renders the panel for a test, with one row a robot in the contract's names, and the dashboard's annotations. */
export function renderPanel(...panel: Parameters<typeof panelOf>): ReturnType<typeof render> {
  return render(panelOf(...panel));
}

export function panelOf(
  rows: Rows,
  options: FloorMapOptions = DEFAULT_OPTIONS,
  size = { width: 800, height: 500 },
  annotations: Rows = []
) {
  const props = {
    id: 1,
    ...size,
    // No Alertmanager answers in a unit test.
    options: { ...options, showAlerts: false },
    data: {
      state: LoadingState.Done,
      series: [toDataFrame({ refId: 'A', fields: fieldsOf(rows) })],
      annotations: [toDataFrame({ fields: fieldsOf(annotations) })],
      timeRange: getDefaultTimeRange(),
    },
    replaceVariables: (text: string) => text,
    eventBus: new EventBusSrv(),
    timeZone: 'utc',
  };
  return <FloorMapPanel {...(props as unknown as PanelProps<FloorMapOptions>)} />;
}

function fieldsOf(rows: Rows) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return names.map((name) => ({ name, values: rows.map((row) => row[name] ?? null) }));
}
