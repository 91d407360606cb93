import React from 'react';
import { LoadingState, type DataFrame } from '@grafana/data';
import { t } from '@grafana/i18n';
import { sceneGraph, SceneObjectBase, type SceneComponentProps, type SceneObjectState } from '@grafana/scenes';
import { Combobox, Stack } from '@grafana/ui';
import { changeAddress, useAddress } from '../../grafana/address';
import { showText } from '../../grafana/showText';
import { siteName } from '../../grafana/siteNames';
import { FILTER_NAMES, FILTER_OPTIONS, readFilters, type FilterName } from '../../queries/pageFilters';
import { runRows } from '../../queries/queryRunner';

const words = (): Readonly<Record<FilterName, { one: string; all: string }>> => ({
  site: { one: t('filters.site', 'Site'), all: t('filters.all_site', 'All sites') },
  map: { one: t('filters.map', 'Floor'), all: t('filters.all_map', 'All floors') },
  model: { one: t('filters.model', 'Model'), all: t('filters.all_model', 'All models') },
  zone: { one: t('filters.zone', 'Zone'), all: t('filters.all_zone', 'All zones') },
});

interface FilterBarState extends SceneObjectState {
  names: readonly FilterName[];
  /** Of each filter, in Grafana's units of 8 px. */
  width: number;
}

/** What the page is narrowed to. It is in the address, so that a link shows the same. */
export class FilterBar extends SceneObjectBase<FilterBarState> {
  static readonly Component = Filters;

  constructor({ names = FILTER_NAMES, width = 22 }: Partial<FilterBarState> = {}) {
    super({ names, width, $data: runRows(FILTER_OPTIONS) });
  }
}

function Filters({ model }: SceneComponentProps<FilterBar>) {
  const { names, width } = model.useState();
  const { data } = sceneGraph.getData(model).useState();
  const frame = data?.series[0];
  return (
    <Stack direction="row" wrap="wrap" gap={1}>
      {names.map((name) => (
        <Filter key={name} name={name} width={width} frame={frame} isLoading={data?.state === LoadingState.Loading} />
      ))}
    </Stack>
  );
}

interface FilterProps {
  name: FilterName;
  width: number;
  frame: DataFrame | undefined;
  isLoading: boolean;
}

function Filter({ name, width, frame, isLoading }: FilterProps) {
  const value = readFilters(new URLSearchParams(useAddress(name)))[name];
  const found = optionsOf(frame, name);
  // What a link asks for stays visible, even if nothing has this name any more.
  const own =
    value === '' || found.some((one) => one.value === value) ? [] : [{ value, label: labelOf(name, value, value) }];
  return (
    <>
      {/* Grafana's combobox takes its name from another element only. */}
      <span id={`filter-${name}`} hidden>
        {words()[name].one}
      </span>
      <Combobox
        aria-labelledby={`filter-${name}`}
        options={[{ value: '', label: words()[name].all }, ...own, ...found]}
        value={value}
        loading={isLoading}
        width={width}
        onChange={({ value: chosen }) => changeAddress({ [name]: chosen || null, page: null }, 'new step')}
      />
    </>
  );
}

/** A site has its name of Setup. */
function labelOf(name: FilterName, id: string, label: string): string {
  return name === 'site' ? siteName(id) : showText(label);
}

function optionsOf(frame: DataFrame | undefined, name: FilterName): Array<{ value: string; label: string }> {
  const column = (wanted: string) => frame?.fields.find((field) => field.name === wanted)?.values ?? [];
  const [kinds, ids, labels] = [column('kind'), column('id'), column('label')];
  return kinds.flatMap((kind: string, row: number) =>
    kind === name ? [{ value: String(ids[row]), label: labelOf(name, String(ids[row]), String(labels[row])) }] : []
  );
}
