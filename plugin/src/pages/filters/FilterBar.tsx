import React from 'react';
import { LoadingState, type DataFrame } from '@grafana/data';
import { sceneGraph, SceneObjectBase, type SceneComponentProps, type SceneObjectState } from '@grafana/scenes';
import { Combobox, Stack } from '@grafana/ui';
import { changeAddress, useAddress } from '../../grafana/address';
import { showText } from '../../grafana/showText';
import { FILTER_NAMES, FILTER_OPTIONS, readFilters, type FilterName } from '../../queries/pageFilters';
import { runRows } from '../../queries/queryRunner';

const WORDS: Readonly<Record<FilterName, { one: string; all: string }>> = {
  site: { one: 'Site', all: 'All sites' },
  map: { one: 'Floor', all: 'All floors' },
  model: { one: 'Model', all: 'All models' },
  zone: { one: 'Zone', all: 'All zones' },
};

interface FilterBarState extends SceneObjectState {
  names: readonly FilterName[];
}

/** What the page is narrowed to. It is in the address, so that a link shows the same. */
export class FilterBar extends SceneObjectBase<FilterBarState> {
  static readonly Component = Filters;

  constructor({ names = FILTER_NAMES }: { names?: readonly FilterName[] } = {}) {
    super({ names, $data: runRows(FILTER_OPTIONS) });
  }
}

function Filters({ model }: SceneComponentProps<FilterBar>) {
  const { names } = model.useState();
  const { data } = sceneGraph.getData(model).useState();
  const frame = data?.series[0];
  return (
    <Stack direction="row" wrap="wrap" gap={1}>
      {names.map((name) => (
        <Filter key={name} name={name} frame={frame} isLoading={data?.state === LoadingState.Loading} />
      ))}
    </Stack>
  );
}

function Filter({ name, frame, isLoading }: { name: FilterName; frame: DataFrame | undefined; isLoading: boolean }) {
  const value = readFilters(new URLSearchParams(useAddress(name)))[name];
  const found = optionsOf(frame, name);
  // What a link asks for stays visible, even if nothing has this name any more.
  const own = value === '' || found.some((one) => one.value === value) ? [] : [{ value, label: showText(value) }];
  return (
    <>
      {/* Grafana's combobox takes its name from another element only. */}
      <span id={`filter-${name}`} hidden>
        {WORDS[name].one}
      </span>
      <Combobox
        aria-labelledby={`filter-${name}`}
        options={[{ value: '', label: WORDS[name].all }, ...own, ...found]}
        value={value}
        loading={isLoading}
        width={22}
        onChange={({ value: chosen }) => changeAddress({ [name]: chosen || null }, 'new step')}
      />
    </>
  );
}

function optionsOf(frame: DataFrame | undefined, name: FilterName): Array<{ value: string; label: string }> {
  const column = (wanted: string) => frame?.fields.find((field) => field.name === wanted)?.values ?? [];
  const [kinds, ids, labels] = [column('kind'), column('id'), column('label')];
  return kinds.flatMap((kind: string, row: number) =>
    kind === name ? [{ value: String(ids[row]), label: showText(String(labels[row])) }] : []
  );
}
