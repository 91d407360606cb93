import { useCallback, useEffect, useState } from 'react';
import { getBackendSrv } from '@grafana/runtime';
import { fromEvent, lastValueFrom, takeUntil } from 'rxjs';
import { sharePoll } from '../../floormap/polling/sharedPoll';
import { partsOf, type NewSilence, type Silence } from './silences';

const API = '/api/alertmanager/grafana/api/v2';
const QUIET = { showErrorAlert: false, showSuccessAlert: false };
const ASK_EVERY_MS = 30_000;

async function askSilences(signal?: AbortSignal): Promise<Silence[]> {
  const asked = getBackendSrv().fetch<Silence[]>({ url: `${API}/silences`, ...QUIET });
  return (await lastValueFrom(signal ? asked.pipe(takeUntil(fromEvent(signal, 'abort'))) : asked)).data;
}

/**
 * The silences of Grafana; null while they are not known, or may not be read. Every user of this hook on a page shares its answers.
 * @returns the silences, and what reads them again after a change
 */
export function useSilences(): [Silence[] | null, () => Promise<void>] {
  const [silences, setSilences] = useState<Silence[] | null>(null);
  useEffect(
    () =>
      sharePoll(
        { key: 'silences', ask: askSilences, againInMs: () => ASK_EVERY_MS },
        { onAnswer: setSilences, onFailure: () => setSilences(null) }
      ),
    []
  );
  const again = useCallback(async () => setSilences(await askSilences()), []);
  return [silences, again];
}

/** @throws what Grafana answers when the user may not, or the silence is not valid; those before it exist then */
export async function startSilences(silences: readonly NewSilence[]): Promise<void> {
  for (const silence of silences) await getBackendSrv().post(`${API}/silences`, silence, QUIET);
}

/** Ends this silence and those that were begun with it. */
export async function endSilence(silence: Silence): Promise<void> {
  for (const { id } of partsOf(silence, await askSilences()))
    await getBackendSrv().delete(`${API}/silence/${encodeURIComponent(id)}`, undefined, QUIET);
}
