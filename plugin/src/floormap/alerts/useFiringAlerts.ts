import { useEffect, useState } from 'react';
import { getBackendSrv, isFetchError } from '@grafana/runtime';
import { alertsByRobot, type AlertInstance } from './firingAlerts';

const ACTIVE_ALERTS = '/api/alertmanager/grafana/api/v2/alerts?active=true&silenced=false&inhibited=false';
/** Rules are evaluated every 30 s; asking more often would show nothing sooner. */
const ASK_EVERY_MS = 30_000;

const NONE: ReadonlyMap<string, string[]> = new Map();

/** Names of the alerts that fire for each robot, from Grafana's own Alertmanager; empty when they may not be read. */
export function useFiringAlerts(isWanted: boolean): ReadonlyMap<string, string[]> {
  const [alerts, setAlerts] = useState(NONE);
  useEffect(() => {
    if (!isWanted) return;
    let isCurrent = true;
    const ask = () =>
      getBackendSrv()
        .get<AlertInstance[]>(ACTIVE_ALERTS, undefined, undefined, { showErrorAlert: false })
        .then(
          (active) => isCurrent && setAlerts(alertsByRobot(active)),
          // A viewer without the right to see alerts gets a map without halos; else the last answer is the best there is.
          (error: unknown) => isCurrent && isForbidden(error) && setAlerts(NONE)
        );
    void ask();
    const timer = window.setInterval(() => void ask(), ASK_EVERY_MS);
    return () => {
      isCurrent = false;
      clearInterval(timer);
      setAlerts(NONE);
    };
  }, [isWanted]);
  return alerts;
}

function isForbidden(error: unknown): boolean {
  return isFetchError(error) && (error.status === 401 || error.status === 403);
}
