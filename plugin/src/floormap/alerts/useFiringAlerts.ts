import { useEffect, useState } from 'react';
import { getBackendSrv, isFetchError } from '@grafana/runtime';
import { fromEvent, lastValueFrom, takeUntil } from 'rxjs';
import { sharePoll } from '../polling/sharedPoll';
import { alertsByRobot, type AlertInstance } from './firingAlerts';

const ACTIVE_ALERTS = '/api/alertmanager/grafana/api/v2/alerts?active=true&silenced=false&inhibited=false';
/** Rules are evaluated every 30 s; asking more often would show nothing sooner. */
const ASK_EVERY_MS = 30_000;

const NONE: ReadonlyMap<string, string[]> = new Map();

/**
 * Names of the firing alerts for each robot, from Grafana's own Alertmanager; empty when they may not be read.
 * @param folder of the rules; '' for all
 */
export function useFiringAlerts(isWanted: boolean, folder: string): ReadonlyMap<string, string[]> {
  const [alerts, setAlerts] = useState(NONE);
  useEffect(() => {
    if (!isWanted) return;
    const leave = sharePoll(
      { key: 'firing alerts', ask: askAlerts, againInMs: () => ASK_EVERY_MS },
      {
        onAnswer: (active) => setAlerts(alertsByRobot(active, folder)),
        // A viewer without the right to see alerts gets a map without halos; else the last answer is the best there is.
        onFailure: (error) => isForbidden(error) && setAlerts(NONE),
      }
    );
    return () => {
      leave();
      setAlerts(NONE);
    };
  }, [isWanted, folder]);
  return alerts;
}

async function askAlerts(signal: AbortSignal): Promise<AlertInstance[]> {
  const asked = getBackendSrv().fetch<AlertInstance[]>({ url: ACTIVE_ALERTS, showErrorAlert: false });
  return (await lastValueFrom(asked.pipe(takeUntil(fromEvent(signal, 'abort'))))).data;
}

function isForbidden(error: unknown): boolean {
  return isFetchError(error) && (error.status === 401 || error.status === 403);
}
