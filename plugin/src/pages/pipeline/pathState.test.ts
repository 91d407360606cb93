import { CHECKS } from '../../queries/pipeline';
import { findRunbook } from '../runbooks/runbooks';
import { runbookOf, STATE_TONES, stateOfPath, type PathFigures, type PathState } from './pathState';

const NOTHING: PathFigures = {
  path: 'ingestor',
  rows_per_second_1m: null,
  rows_per_second_5m: null,
  seconds_since_received: null,
  newest_event_seconds: null,
  lag_messages: null,
  lag_seconds: null,
  dead_letters_5m: 0,
  assigned_partitions: null,
  poll_seconds: null,
  missing_dependencies: null,
  last_exception: null,
  exception_seconds: null,
};
const engine = (own: Partial<PathFigures> = {}): PathFigures => ({ ...NOTHING, path: 'engine', ...own });
const ingestor = (own: Partial<PathFigures> = {}): PathFigures => ({ ...NOTHING, ...own });
const measured = { lag_messages: 0, lag_seconds: 0 };

it.each<[string, PathState, PathFigures, PathFigures]>([
  ['stores events', 'running', ingestor({ seconds_since_received: 1, ...measured }), engine()],
  ['stores events and nobody measures its lag', 'running', engine({ seconds_since_received: 3 }), ingestor()],
  ['is behind', 'late', ingestor({ seconds_since_received: 1, lag_messages: 9, lag_seconds: 61 }), engine()],
  ['is on and gets no event', 'no events', ingestor({ seconds_since_received: 4_000, ...measured }), engine()],
  ['has messages and stores none', 'stuck', ingestor({ lag_messages: 7, lag_seconds: 20 }), engine()],
  ['is turned off while the other runs', 'off', ingestor({ seconds_since_received: 300 }), engine(measured)],
  ['has never stored an event', 'off', ingestor(), engine()],
  ['stored its last event days ago', 'off', ingestor({ seconds_since_received: 90_000 }), engine()],
  ['stored events and is no longer measured', 'stopped', ingestor({ seconds_since_received: 300 }), engine()],
  ['is measured and does not poll', 'stopped', engine({ poll_seconds: 600, ...measured }), ingestor(measured)],
  ['misses a view', 'stopped', engine({ poll_seconds: 1, missing_dependencies: 1 }), ingestor()],
  ['fails again and again', 'failing', engine({ poll_seconds: 1, exception_seconds: 5 }), ingestor()],
  ['stores some events and fails', 'failing', engine({ seconds_since_received: 5, exception_seconds: 5 }), ingestor()],
  ['failed an hour ago', 'running', engine({ seconds_since_received: 1, exception_seconds: 3_600 }), ingestor()],
  ['waits for partitions', 'joining', engine({ poll_seconds: 1, assigned_partitions: 0 }), ingestor()],
  ['polls an empty topic', 'no events', engine({ poll_seconds: 1, assigned_partitions: 8 }), ingestor()],
])('a path that %s is %s', (_, state, own, other) => {
  expect(stateOfPath(own, other)).toBe(state);
});

it('every bad state has a runbook that exists', () => {
  for (const [state, tone] of Object.entries(STATE_TONES)) {
    for (const path of ['engine', 'ingestor'] as const) {
      const slug = runbookOf(state as PathState, path);
      if (tone === 'error') expect([state, path, findRunbook(slug)]).not.toContain(undefined);
    }
  }
  expect(findRunbook(runbookOf('running', 'ingestor', true))).toBeDefined();
  for (const [, slug = ''] of CHECKS.matchAll(/'([a-z]+(?:-[a-z]+)?)'/g)) {
    if (!['critical', 'warning', 'ok'].includes(slug)) expect(findRunbook(slug)).toBeDefined();
  }
});
