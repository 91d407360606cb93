import { useEffect, useMemo, useRef, useState } from 'react';
import type { EventBus, PanelData } from '@grafana/data';
import { changeAddress, PLAYBACK, useAddress } from '../../grafana/address';
import type { Fleet } from '../fleet/fleet';
import { firstSeenMs, fleetAt } from './playbackTrack';
import { useCrosshair } from './useCrosshair';
import { usePlaybackTrack } from './usePlaybackTrack';

export const PLAYBACK_SPEEDS = [1, 5, 10, 30, 60] as const;
/** The address follows a playback that runs this often: it is for people and links. */
const SHARE_EVERY_MS = 1_000;
/** The fleet is computed this often while playing; the map glides in between. */
const TICK_MS = 100;

export interface Playback {
  isOpen: boolean;
  isLoading: boolean;
  isPlaying: boolean;
  speed: number;
  /** Milliseconds since the epoch. */
  timeMs: number;
  fromMs: number;
  toMs: number;
  /** Seconds between two recorded places of a robot; 0 before they are read. */
  stepSeconds: number;
  problem: string;
  /** The moment that another time range has left behind, until the user moves on; null where there is none. */
  leftMs: number | null;
  /** The fleet at that time; null while the map is live. */
  fleet: Fleet | null;
  open: (isOpen: boolean) => void;
  play: (isPlaying: boolean) => void;
  seek: (timeMs: number) => void;
  setSpeed: (speed: number) => void;
}

/** The map's own clock: live, or at a time of the past that the user and other panels can move. */
export function usePlayback(data: PanelData, live: Fleet, silentAfterSeconds: number, eventBus: EventBus): Playback {
  // In the address: a link shows the same moment, and Back ends the playback.
  const inAddress = useAddress(PLAYBACK);
  const isOpen = inAddress !== '';
  const [isPlaying, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<number>(PLAYBACK_SPEEDS[2]);
  const [wantedMs, setWantedMs] = useState<number | null>(null);
  const linkedMs = useLinkedMoment(inAddress);
  const loaded = usePlaybackTrack(isOpen, data.timeRange, live, data.request, linkedMs);
  const track = loaded?.track ?? null;
  const [fromMs, toMs] = [loaded?.fromMs ?? 0, loaded?.toMs ?? 0];
  // The range may begin long before the first event: an empty floor is not what a playback should open on.
  const startMs = useMemo(
    () => (track ? Math.min(toMs, Math.max(fromMs, firstSeenMs(track, fromMs))) : fromMs),
    [track, fromMs, toMs]
  );
  const within = (ms: number) => Math.min(toMs, Math.max(fromMs, ms));
  const chosenMs = wantedMs ?? (linkedMs > 0 ? linkedMs : startMs);
  const timeMs = within(chosenMs);
  const isAtEnd = timeMs >= toMs;
  // A playback that another time range has moved stands still, so that the user can read why.
  const leftMs = track && Math.abs(timeMs - chosenMs) >= 1_000 ? chosenMs : null;
  const runs = isPlaying && track !== null && !isAtEnd && leftMs === null;

  useEffect(() => {
    if (!runs) return;
    let last = performance.now();
    const timer = window.setInterval(() => {
      const now = performance.now();
      const passedMs = (now - last) * speed;
      last = now;
      setWantedMs((wanted) => Math.min(toMs, Math.max(fromMs, wanted ?? startMs) + passedMs));
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [runs, speed, startMs, fromMs, toMs]);

  useCrosshair(eventBus, track ? timeMs : null, (hoveredMs) => {
    if (!runs) setWantedMs(within(hoveredMs));
  });

  useSharedMoment(track ? timeMs : null);

  const fleet = useMemo(
    () => (track ? fleetAt(track, timeMs, silentAfterSeconds) : null),
    [track, timeMs, silentAfterSeconds]
  );
  return {
    isOpen,
    isLoading: isOpen && loaded === null,
    isPlaying: runs,
    speed,
    timeMs,
    fromMs,
    toMs,
    stepSeconds: track?.stepSeconds ?? 0,
    problem: loaded?.problem ?? '',
    leftMs,
    fleet,
    open: (next) => {
      changeAddress({ [PLAYBACK]: next ? '0' : null }, 'new step');
      setPlaying(false);
      setWantedMs(null);
    },
    play: (next) => {
      // Playing from the end means from the beginning.
      if (next) setWantedMs(isAtEnd ? startMs : timeMs);
      setPlaying(next);
    },
    seek: (ms) => setWantedMs(within(ms)),
    setSpeed,
  };
}

/** The moment of the address when the playback was opened: from then on the slider decides. */
function useLinkedMoment(inAddress: string): number {
  const isOpen = inAddress !== '';
  const [linked, setLinked] = useState({ isOpen: false, timeMs: 0 });
  if (linked.isOpen !== isOpen) {
    setLinked({ isOpen, timeMs: Number(new URLSearchParams(inAddress).get(PLAYBACK)) || 0 });
  }
  return linked.timeMs;
}

/** Keeps the moment in the address. */
function useSharedMoment(timeMs: number | null): void {
  const sharedAtMs = useRef(0);
  useEffect(() => {
    if (timeMs === null) return;
    const share = () => {
      sharedAtMs.current = Date.now();
      changeAddress({ [PLAYBACK]: String(Math.round(timeMs)) }, 'same step');
    };
    const timer = window.setTimeout(share, Math.max(0, sharedAtMs.current + SHARE_EVERY_MS - Date.now()));
    return () => clearTimeout(timer);
  }, [timeMs]);
}
