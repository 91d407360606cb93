import { getBackendSrv, locationService } from '@grafana/runtime';
import { sceneGraph, SceneObjectBase, type SceneObjectState } from '@grafana/scenes';
import { wordsOf } from '../../grafana/failureWords';
import { onAddress } from '../../queries/addressRunner';
import { incidentsOf, timeOfKey, type Incident, type StoredChange } from './incidents';

/** More changes of alerts than a person reads; then the page says that it has not all. */
const MOST_CHANGES = 5_000;
const MOST_NOTES = 200;
/** Where the address names an incident, its first minutes are read too. */
const BEFORE_INCIDENT_MS = 60_000;

interface IncidentStoreState extends SceneObjectState {
  /** null before the first answer. */
  incidents: Incident[] | null;
  notes: StoredChange[];
  fromMs: number;
  toMs: number;
  isCut: boolean;
  /** Why Grafana does not answer; '' while it does. */
  problem: string;
  /** Somebody just opened an incident: its details come into view, once. */
  isOpening: boolean;
}

/** The incidents and notes of the time range, from Grafana's own history of alerts. Read again with the time range. */
export class IncidentStore extends SceneObjectBase<IncidentStoreState> {
  #asked = 0;
  #answered = 0;

  constructor() {
    super({ incidents: null, notes: [], fromMs: 0, toMs: 0, isCut: false, problem: '', isOpening: false });
    this.addActivationHandler(() => {
      void this.read();
      const subscription = sceneGraph.getTimeRange(this).subscribeToState(() => void this.read());
      let key = keyOfAddress();
      const stop = onAddress(() => {
        if (key === (key = keyOfAddress())) return;
        void this.read();
      });
      return () => {
        this.#answered = ++this.#asked;
        subscription.unsubscribe();
        stop();
      };
    });
  }

  async read(): Promise<void> {
    const asked = ++this.#asked;
    const { from, to } = sceneGraph.getTimeRange(this).state.value;
    const keyMs = timeOfKey(keyOfAddress());
    const fromMs = Number.isNaN(keyMs) ? from.valueOf() : Math.min(from.valueOf(), keyMs - BEFORE_INCIDENT_MS);
    const toMs = to.valueOf();
    try {
      const [changes = [], notes = []] = await Promise.all([
        ask({ from: fromMs, to: toMs, type: 'alert', limit: MOST_CHANGES }),
        ask({ from: fromMs, to: toMs, type: 'annotation', limit: MOST_NOTES }),
      ]);
      // An answer that a refresh has overtaken counts too: while Grafana is slow, there would be none otherwise.
      if (asked < this.#answered) return;
      this.#answered = asked;
      const incidents = incidentsOf(changes, fromMs);
      this.setState({ incidents, notes, fromMs, toMs, isCut: changes.length >= MOST_CHANGES, problem: '' });
    } catch (error) {
      if (asked < this.#answered) return;
      this.#answered = asked;
      this.setState({ problem: wordsOf(error) });
    }
  }
}

export function keyOfAddress(): string {
  return locationService.getSearch().get('incident') ?? '';
}

function ask(parameters: Record<string, string | number>): Promise<StoredChange[]> {
  return getBackendSrv().get<StoredChange[]>('/api/annotations', parameters, undefined, { showErrorAlert: false });
}
