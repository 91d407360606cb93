import { ComponentUnavailableError } from '@floorwatch/servers/errors';

/** A component that was started. */
export interface LaunchedComponent {
  /** Address for the user; empty for a component that ran to its end. */
  address: string;
  logFile?: string;
  /** `yours`: an external server that the user runs. `done`: it has run to its end. Programs read these words. */
  state?: 'running' | 'yours' | 'done';
  /** Settles when its process has exited. */
  exited?: Promise<unknown>;
  stop?: () => Promise<void>;
}

export interface ComponentStatus {
  name: string;
  state: 'starting' | 'running' | 'yours' | 'done' | 'ended' | 'not started';
  address: string;
  logFile: string;
}

type Launch = Promise<LaunchedComponent | undefined>;

export interface StartOrder {
  /** Components that must run, by name. If one of them does not, this component is not started. */
  needs?: Readonly<Record<string, Launch>>;
  /** Components to wait for, whether they start or not. */
  after?: readonly Launch[];
}

export interface Supervisor {
  /**
   * Starts a component after the components that it depends on. If it cannot start, this prints one line and returns
   * `undefined`, so that the other components can start.
   */
  start(name: string, order: StartOrder, launch: () => Promise<LaunchedComponent>): Launch;
  /** In the order of the calls to `start`. */
  statuses(): ComponentStatus[];
  /** Stops each component once, in reverse order, so that writers stop before the servers that they write to. */
  stop(): Promise<void>;
}

export function createSupervisor(say: (line: string) => void): Supervisor {
  const rows: { status: ComponentStatus; component?: LaunchedComponent }[] = [];
  const stopping = new AbortController();
  const isStopping = (): boolean => stopping.signal.aborted;

  async function launchWhenReady(
    status: ComponentStatus,
    { needs = {}, after = [] }: StartOrder,
    launch: () => Promise<LaunchedComponent>
  ): Launch {
    for (const [need, needed] of Object.entries(needs)) {
      if (await needed) continue;
      if (!isStopping()) say(`${status.name}: not started, it needs ${need}.`);
      return undefined;
    }
    await Promise.all(after);
    if (isStopping()) return undefined;
    const startedMs = performance.now();
    try {
      const component = await launch();
      say(
        `${status.name}: ${component.state ?? 'running'} after ${((performance.now() - startedMs) / 1000).toFixed(1)} s`
      );
      return component;
    } catch (error) {
      if (!(error instanceof ComponentUnavailableError)) throw error;
      if (!isStopping()) say(error.message);
      return undefined;
    }
  }

  function watch(status: ComponentStatus, component: LaunchedComponent): void {
    void component.exited?.then(() => {
      status.state = 'ended';
      if (!isStopping()) say(`${status.name} exited unexpectedly. Read ${status.logFile}.`);
    });
  }

  return {
    async start(name, order, launch) {
      const row: (typeof rows)[number] = { status: { name, state: 'starting', address: '', logFile: '' } };
      rows.push(row);
      const component = await launchWhenReady(row.status, order, launch);
      if (!component) {
        row.status.state = 'not started';
        return undefined;
      }
      row.component = component;
      row.status = {
        name,
        state: component.state ?? 'running',
        address: component.address,
        logFile: component.logFile ?? '',
      };
      watch(row.status, component);
      if (isStopping()) await component.stop?.();
      return component;
    },
    statuses: () => rows.map((row) => ({ ...row.status })),
    async stop() {
      stopping.abort();
      for (const row of rows.toReversed()) {
        const { component } = row;
        delete row.component;
        await component?.stop?.();
      }
    },
  };
}

const HEADINGS = ['part', 'state', 'address', 'log file'] as const;

/** The components as an aligned table, one per line. Programs read this table, so its headings do not change. */
export function componentsTable(components: readonly ComponentStatus[]): string {
  const rows = [
    HEADINGS,
    ...components.map((component) => [component.name, component.state, component.address, component.logFile] as const),
  ];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()
    )
    .join('\n');
}
