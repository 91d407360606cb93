import { useCallback, useEffect, useState } from 'react';
import { getBackendSrv } from '@grafana/runtime';
import { fromEvent, lastValueFrom, takeUntil } from 'rxjs';
import { sharePoll } from '../../floormap/polling/sharedPoll';
import { wordsOf } from '../../grafana/failureWords';
import { partsOf, type Matcher, type NewSilence, type Silence } from './silences';

const API = '/api/alertmanager/grafana/api/v2';
const QUIET = { showErrorAlert: false, showSuccessAlert: false };
const ASK_EVERY_MS = 30_000;

function fetchSilences() {
  return getBackendSrv().fetch<Silence[]>({ url: `${API}/silences`, ...QUIET });
}

async function askSilences(signal?: AbortSignal): Promise<Silence[]> {
  const asked = fetchSilences();
  return (await lastValueFrom(signal ? asked.pipe(takeUntil(fromEvent(signal, 'abort'))) : asked)).data;
}

/**
 * Milliseconds since the epoch, from the header `Date` of an answer. Grafana begins and ends silences by its own clock: by that of a
 * computer that is two hours ahead, a stop would begin in two hours.
 */
async function nowOfGrafana(): Promise<number> {
  try {
    const nowMs = Date.parse((await lastValueFrom(fetchSilences())).headers.get('date') ?? '');
    return Number.isNaN(nowMs) ? Date.now() : nowMs;
  } catch {
    // Somebody may begin silences and not read them.
    return Date.now();
  }
}

interface KnownSilences {
  /** null while they are not known. */
  silences: Silence[] | null;
  /** Why they cannot be read; '' while they can. */
  problem: string;
}

/**
 * The silences of Grafana. Every user of this hook on a page shares its answers.
 * @returns the silences, and what reads them again after a change, which never fails
 */
export function useSilences(): [KnownSilences, () => Promise<void>] {
  const [known, setKnown] = useState<KnownSilences>({ silences: null, problem: '' });
  const onAnswer = useCallback((silences: Silence[]) => setKnown({ silences, problem: '' }), []);
  const onFailure = useCallback((error: unknown) => setKnown({ silences: null, problem: wordsOf(error) }), []);
  useEffect(
    () => sharePoll({ key: 'silences', ask: askSilences, againInMs: () => ASK_EVERY_MS }, { onAnswer, onFailure }),
    [onAnswer, onFailure]
  );
  const again = useCallback(() => askSilences().then(onAnswer, onFailure), [onAnswer, onFailure]);
  return [known, again];
}

interface Stop extends Pick<NewSilence, 'comment' | 'createdBy'> {
  matchers: readonly Matcher[][];
  minutes: number;
}

/** @throws what Grafana answers when the user may not, or the silence is not valid; no part of the stop is left then */
export async function startSilences({ matchers: lists, minutes, ...said }: Stop): Promise<void> {
  const startsMs = await nowOfGrafana();
  const [startsAt, endsAt] = [startsMs, startsMs + minutes * 60_000].map((timeMs) => new Date(timeMs).toISOString());
  const begun: string[] = [];
  try {
    for (const matchers of lists) {
      const silence = { matchers, startsAt, endsAt, ...said };
      begun.push((await getBackendSrv().post<{ silenceID: string }>(`${API}/silences`, silence, QUIET)).silenceID);
    }
  } catch (error) {
    // A part that cannot be removed either is shown on the pages of its robots.
    await Promise.allSettled(begun.map(remove));
    throw error;
  }
}

/** Ends this silence and those that were begun with it. */
export async function endSilence(silence: Silence): Promise<void> {
  for (const { id } of partsOf(silence, await askSilences())) await remove(id);
}

function remove(id: string): Promise<unknown> {
  return getBackendSrv().delete(`${API}/silence/${encodeURIComponent(id)}`, undefined, QUIET);
}
