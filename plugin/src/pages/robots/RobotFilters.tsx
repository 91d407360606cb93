import React, { useEffect, useState } from 'react';
import { t } from '@grafana/i18n';
import { SceneObjectBase, type SceneObjectState } from '@grafana/scenes';
import { Combobox, Icon, Input, Stack } from '@grafana/ui';
import { statusWord } from '../../floormap/fleet/status';
import { changeAddress, useAddress } from '../../grafana/address';
import { readChoice, STATUS_GROUPS } from '../../queries/robotList';
import { STATUS_WORDS } from '../statusMappings';

/** While somebody types, the database is not asked for each letter. */
const TYPING_MS = 400;

const statusOptions = () => [
  { value: '', label: t('robots.all_statuses', 'All statuses') },
  ...[...STATUS_WORDS, ...STATUS_GROUPS].map((status) => ({ value: status, label: groupWord(status) })),
];

/** A status, or a group of robots, as people read it. */
export function groupWord(status: string): string {
  switch (status) {
    case 'online':
      return t('robots.group.online', 'online');
    case 'not placed':
      return t('robots.group.not_placed', 'not placed');
    case 'low battery':
      return t('robots.group.low_battery', 'low battery');
    default:
      return statusWord(status);
  }
}

/** What to search for, and which status. Both are in the address. */
export class RobotFilters extends SceneObjectBase<SceneObjectState> {
  static readonly Component = Filters;
}

function Filters() {
  const { search } = readChoice(new URLSearchParams(useAddress('search')));
  const { status } = readChoice(new URLSearchParams(useAddress('status')));
  const [draft, setDraft] = useState({ text: search, of: search });
  // Otherwise the address has changed since: by Back, or by a link.
  const typed = draft.of === search ? draft.text : search;
  useEffect(() => {
    if (typed.trim() === search) return undefined;
    const timer = setTimeout(() => {
      // From now on the draft is of the new address: Back must not find it as what is typed.
      setDraft({ text: typed, of: typed.trim() });
      changeAddress({ search: typed.trim() || null, page: null }, 'new step');
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, search]);
  return (
    <Stack direction="row" wrap="wrap" gap={1}>
      <Input
        type="search"
        aria-label={t('robots.search', 'Search robots')}
        placeholder={t('robots.search_what', 'Robot, task, floor, zone or model')}
        prefix={<Icon name="search" />}
        width={36}
        maxLength={128}
        value={typed}
        onChange={(event) => setDraft({ text: event.currentTarget.value, of: search })}
      />
      {/* Grafana's combobox takes its name from another element only. */}
      <span id="robots-status" hidden>
        {t('column.status', 'Status')}
      </span>
      <Combobox
        aria-labelledby="robots-status"
        options={statusOptions()}
        value={status}
        width={20}
        onChange={({ value }) => changeAddress({ status: value || null, page: null }, 'new step')}
      />
    </Stack>
  );
}
