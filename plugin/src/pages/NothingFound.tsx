import React, { type ReactNode } from 'react';
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
            `Only ${set.map((name) => `${WORDS[name]} “${showText(filters[name])}”`).join(', ')} is shown. `}
          {children}
        </span>
        {set.length > 0 && (
          <Button
            size="sm"
            variant="secondary"
            onClick={() => changeAddress({ site: null, map: null, model: null, zone: null }, 'new step')}
          >
            Remove the filters
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

const WORDS = { site: 'site', map: 'floor', model: 'model', zone: 'zone' } as const;
