import React, { type ReactNode } from 'react';
import { t } from '@grafana/i18n';
import { Alert, Stack } from '@grafana/ui';
import { useWholeAddress } from '../grafana/address';
import { showText } from '../grafana/showText';
import { FILTER_NAMES, readFilters } from '../queries/pageFilters';
import { RemoveFilters } from './filters/FilterBar';

/** In the place of empty panels: what is missing, and the way out of the filters that hide it. */
export function NothingFound({ title, children }: { title: string; children: ReactNode }) {
  const filters = readFilters(useWholeAddress());
  const set = FILTER_NAMES.filter((name) => filters[name] !== '');
  return (
    <Alert severity="info" title={title}>
      <Stack direction="column" gap={1} alignItems="flex-start">
        <span>
          {set.length > 0 &&
            `${t('filters.only', 'Only this is shown: {{filters}}.', {
              filters: set.map((name) => `${words()[name]} “${showText(filters[name])}”`).join(', '),
              interpolation: { escapeValue: false },
            })} `}
          {children}
        </span>
        {set.length > 0 && <RemoveFilters />}
      </Stack>
    </Alert>
  );
}

const words = () => ({
  site: t('filters.site', 'Site'),
  map: t('filters.map', 'Floor'),
  model: t('filters.model', 'Model'),
  zone: t('filters.zone', 'Zone'),
});
