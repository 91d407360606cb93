import { useEffect, useRef } from 'react';
import { DataHoverClearEvent, DataHoverEvent, type EventBus } from '@grafana/data';

/**
 * Shares a moment with the other panels of a dashboard whose tooltips are shared: their crosshair follows it, and
 * `onHover` gets the moment that is hovered in one of them.
 * @param timeMs milliseconds since the epoch; null shares nothing
 */
export function useCrosshair(eventBus: EventBus, timeMs: number | null, onHover: (timeMs: number) => void): void {
  const latest = useRef(onHover);
  useEffect(() => {
    latest.current = onHover;
  });
  const isShared = timeMs !== null;

  useEffect(() => {
    if (timeMs !== null) eventBus.publish(new DataHoverEvent({ point: { time: timeMs } }));
  }, [eventBus, timeMs]);

  useEffect(() => {
    if (!isShared) return;
    const subscription = eventBus.getStream(DataHoverEvent).subscribe(({ origin, payload }) => {
      const time: unknown = payload.point?.time;
      if (origin !== eventBus && typeof time === 'number') latest.current(time);
    });
    return () => {
      subscription.unsubscribe();
      eventBus.publish(new DataHoverClearEvent());
    };
  }, [eventBus, isShared]);
}
