import React, { type ReactNode } from 'react';
import { LoadingState, type DataFrame } from '@grafana/data';
import { t } from '@grafana/i18n';
import { sceneGraph, SceneObjectBase, type SceneComponentProps, type SceneObjectState } from '@grafana/scenes';
import { Button, Combobox, Icon, Stack } from '@grafana/ui';
import { changeAddress, useWholeAddress } from '../../grafana/address';
import { showText, UNESCAPED } from '../../grafana/showText';
import { siteName } from '../../grafana/siteNames';
import {
  FILTER_NAMES,
  FILTER_OPTIONS,
  MOST_OPTIONS,
  NO_FILTERS,
  readFilters,
  unusedValues,
  variableOf,
  type FilterName,
} from '../../queries/pageFilters';
import { runForRange } from '../../queries/rangeRunner';

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
    // Asked when the page opens and when a filter changes: what there is to choose from changes with the installation, not each second.
    super({
      names,
      width,
      $data: runForRange(
        () => ({ A: FILTER_OPTIONS }),
        (parameters) => JSON.stringify(readFilters(parameters))
      ),
    });
  }
}

function Filters({ model }: SceneComponentProps<FilterBar>) {
  const { names, width } = model.useState();
  const { data } = sceneGraph.getData(model).useState();
  const frame = data?.series[0];
  const address = useWholeAddress();
  const filters = readFilters(address);
  const isRead = data?.state === LoadingState.Done && frame !== undefined;
  const unknown = isRead ? names.filter((name) => isUnknown(filters[name], optionsOf(frame, name))) : [];
  return (
    <Stack direction="column" gap={1}>
      <Stack direction="row" wrap="wrap" gap={1}>
        {names.map((name) => (
          <Filter
            key={name}
            name={name}
            value={filters[name]}
            width={width}
            frame={frame}
            isLoading={data?.state === LoadingState.Loading}
          />
        ))}
      </Stack>
      {unknown.map((name) => (
        <UnknownValue key={name} name={name} value={filters[name]} />
      ))}
      {names.map((name) => (
        <UnusedValues key={name} name={name} values={unusedValues(address, name)} />
      ))}
    </Stack>
  );
}

/** A link of last month may name what has been removed or renamed since. Options that are cut off say nothing about it. */
function isUnknown(value: string, options: ReadonlyArray<{ value: string }>): boolean {
  return value !== '' && options.length < MOST_OPTIONS && options.every((one) => one.value !== value);
}

function UnknownValue({ name, value }: { name: FilterName; value: string }) {
  return (
    <Warning name={name} testId="unknown-filter">
      {t('filters.unknown', '{{filter}} “{{value}}” does not exist, or not any more: nothing matches it.', {
        filter: words()[name].one,
        value: showText(value),
        ...UNESCAPED,
      })}
    </Warning>
  );
}

/** Values that a message names. */
const NAMED = 3;

function UnusedValues({ name, values }: { name: FilterName; values: readonly string[] }) {
  if (values.length === 0) return null;
  const names = values.slice(0, NAMED).map((value) => (name === 'site' ? siteName(value) : showText(value)));
  return (
    <Warning name={name} testId="several-values">
      {t(
        'filters.several',
        '{{filter}}: the link has several values ({{values}}), and this page can be filtered by one only. It shows all.',
        {
          filter: words()[name].one,
          values: [...names, ...(values.length > NAMED ? ['…'] : [])].join(', '),
          ...UNESCAPED,
        }
      )}
    </Warning>
  );
}

function Warning({ name, testId, children }: { name: FilterName; testId: string; children: ReactNode }) {
  return (
    <Stack direction="row" wrap="wrap" gap={1} alignItems="center">
      <span role="status" data-testid={testId}>
        <Icon name="exclamation-triangle" /> {children}
      </span>
      <Button
        size="sm"
        variant="secondary"
        onClick={() => changeAddress({ [name]: null, [variableOf(name)]: null, page: null }, 'new step')}
      >
        {t('filters.remove_one', 'Remove this filter')}
      </Button>
    </Stack>
  );
}

/** Removes all filters; Back brings them back. */
export function RemoveFilters() {
  return (
    <Button size="sm" variant="secondary" onClick={() => changeAddress({ ...NO_FILTERS, page: null }, 'new step')}>
      {t('filters.remove', 'Remove the filters')}
    </Button>
  );
}

interface FilterProps {
  name: FilterName;
  value: string;
  width: number;
  frame: DataFrame | undefined;
  isLoading: boolean;
}

function Filter({ name, value, width, frame, isLoading }: FilterProps) {
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
        onChange={({ value: chosen }) =>
          changeAddress({ [name]: chosen || null, [variableOf(name)]: null, page: null }, 'new step')
        }
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
