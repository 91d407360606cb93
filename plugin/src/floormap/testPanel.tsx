import React from 'react';
import { EventBusSrv, getDefaultTimeRange, LoadingState, toDataFrame, type PanelProps } from '@grafana/data';
import { render } from '@testing-library/react';
import { FloorMapPanel } from './FloorMapPanel';
import { DEFAULT_OPTIONS, type FloorMapOptions } from './options';

/** Renders the panel for a test, with one row a robot in the contract's names, and the dashboard's annotations. */
export function renderPanel(
  rows: Array<Record<string, unknown>>,
  options: FloorMapOptions = DEFAULT_OPTIONS,
  size = { width: 800, height: 500 },
  annotations: Array<Record<string, unknown>> = []
): ReturnType<typeof render> {
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
  return render(<FloorMapPanel {...(props as unknown as PanelProps<FloorMapOptions>)} />);
}

function fieldsOf(rows: Array<Record<string, unknown>>) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return names.map((name) => ({ name, values: rows.map((row) => row[name] ?? null) }));
}
