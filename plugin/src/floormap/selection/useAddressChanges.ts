import { useEffect, useReducer } from 'react';
import { locationService } from '@grafana/runtime';

/** A dashboard reads its variables from a new address some time after it has changed. */
const READ_BY_MS = [0, 60, 600];

/** Renders anew when the page's address has changed: nothing else tells a panel of variables that its query has no use for. */
export function useAddressChanges(isWanted: boolean): void {
  const [, notice] = useReducer((changes: number) => changes + 1, 0);
  useEffect(() => {
    if (!isWanted) return;
    let timers: number[] = [];
    const cancel = () => timers.forEach((timer) => clearTimeout(timer));
    const stop = locationService.getHistory().listen(() => {
      cancel();
      timers = READ_BY_MS.map((ms) => window.setTimeout(notice, ms));
    });
    return () => {
      stop();
      cancel();
    };
  }, [isWanted]);
}
