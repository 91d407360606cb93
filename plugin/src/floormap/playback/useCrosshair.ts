import { useEffect, useRef } from 'react';
import { DataHoverClearEvent, DataHoverEvent, type EventBus } from '@grafana/data';

/**
 * Shares a moment with the other panels of a dashboard whose tooltips are shared: their crosshair follows it, and
 * `onHover` gets the moment that is hovered in one of them.
 * @param timeMs milliseconds since the epoch; null shares nothing
 */
export function useCrosshair(eventBus: EventBus, timeMs: number | null, onHover: (timeMs: number) => void): void {
  const latest = useRef(onHover);
  /** The moment that another panel shared: sharing it back would move the crosshair under the user's hand. */
  const heardMs = useRef<number | null>(null);
  useEffect(() => {
    latest.current = onHover;
  });
  const isShared = timeMs !== null;

  useEffect(() => {
    if (timeMs !== null && timeMs !== heardMs.current)
      eventBus.publish(new DataHoverEvent({ point: { time: timeMs } }));
  }, [eventBus, timeMs]);

  useEffect(() => {
    if (!isShared) return;
    const subscription = eventBus.getStream(DataHoverEvent).subscribe(({ origin, payload }) => {
      const time: unknown = payload.point?.time;
      if (origin === eventBus || typeof time !== 'number') return;
      heardMs.current = time;
      latest.current(time);
    });
    return () => {
      subscription.unsubscribe();
      eventBus.publish(new DataHoverClearEvent());
    };
  }, [eventBus, isShared]);
}
