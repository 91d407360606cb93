import React, { type ReactNode } from 'react';
import { t } from '@grafana/i18n';
import { Alert, Button, Stack } from '@grafana/ui';
import { changeAddress, useAddress } from '../grafana/address';
import { showText } from '../grafana/showText';
import { FILTER_NAMES, readFilters } from '../queries/pageFilters';

/** In the place of empty panels: what is missing, and the way out of the filters that hide it. */
export function NothingFound({ title, children }: { title: string; children: ReactNode }) {
  const parameters = [useAddress('site'), useAddress('map'), useAddress('model'), useAddress('zone')];
  const filters = readFilters(new URLSearchParams(parameters.join('&')));
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
        {set.length > 0 && (
          <Button
            size="sm"
            variant="secondary"
            onClick={() => changeAddress({ site: null, map: null, model: null, zone: null }, 'new step')}
          >
            {t('filters.remove', 'Remove the filters')}
          </Button>
        )}
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
