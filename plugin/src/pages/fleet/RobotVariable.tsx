import React, { useState } from 'react';
import { VariableRefresh, type SelectableValue } from '@grafana/data';
import { t } from '@grafana/i18n';
import {
  type MultiValueVariable,
  QueryVariable,
  type SceneComponentProps,
  type VariableValueOption,
} from '@grafana/scenes';
import { MultiSelect } from '@grafana/ui';
import { map } from 'rxjs';
import { CLICKHOUSE } from '../../grafana/identifiers';
import { showText } from '../../grafana/showText';
import { ROBOT_IDS } from '../../queries/fleet';

const ALL = '$__all';

/**
 * Which robots the page is about. The picker shows ids as the map does: Grafana's own shows one that is not in its list, or not
 * in what is searched for, as it is, and with U+202E it reads as another robot's.
 */
export class RobotVariable extends QueryVariable {
  static override readonly Component = Picker;

  constructor(state: Partial<QueryVariable['state']> = {}) {
    super({
      name: 'robot',
      label: t('column.robot', 'Robot'),
      datasource: CLICKHOUSE,
      query: ROBOT_IDS,
      refresh: VariableRefresh.onDashboardLoad,
      includeAll: true,
      // isOneOf() knows it, and it is short.
      allValue: 'all',
      defaultToAll: true,
      isMulti: true,
      maxVisibleValues: 3,
      ...state,
    });
  }

  override getValueOptions(...args: Parameters<QueryVariable['getValueOptions']>) {
    const shown = (options: VariableValueOption[]) => options.map((one) => ({ ...one, label: showText(one.label) }));
    return super.getValueOptions(...args).pipe(map(shown));
  }
}

function Picker({ model }: SceneComponentProps<MultiValueVariable>) {
  const { value, options, key = '', maxVisibleValues = 3 } = model.useState();
  // Until the robots are read, the variable has no value.
  const chosen = [value].flat().map((id) => String(id) || ALL);
  /** What is picked while the list is open: the page asks once, when it closes. */
  const [picked, setPicked] = useState<string[] | null>(null);
  const all = { value: ALL, label: t('fleet.robot.all', 'All') };
  const shown = (id: string): SelectableValue<string> => (id === ALL ? all : { value: id, label: showText(id) });
  const commit = (ids: string[]) => {
    setPicked(null);
    model.changeValueTo(ids, undefined, true);
  };
  return (
    <MultiSelect<string>
      // As the label beside it names it.
      inputId={`var-${key}`}
      width="auto"
      value={(picked ?? chosen).map(shown)}
      options={[all, ...options.map(({ value: id }) => shown(String(id)))]}
      maxVisibleValues={maxVisibleValues}
      noMultiValueWrap
      virtualized
      isClearable
      allowCustomValue
      formatCreateLabel={showText}
      closeMenuOnSelect={false}
      hideSelectedOptions={false}
      blurInputOnSelect={false}
      tabSelectsValue={false}
      onBlur={() => picked && commit(picked)}
      onChange={(next, { action }) => {
        const ids = next.flatMap((one) => one.value ?? []);
        if (action === 'clear' || action === 'remove-value') commit(ids);
        // All is all: another choice replaces it, and it replaces the others.
        else setPicked(ids.at(-1) === ALL ? [ALL] : ids.filter((id) => id !== ALL));
      }}
    />
  );
}
