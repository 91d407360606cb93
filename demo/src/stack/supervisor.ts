import { PartUnavailableError } from '@floorwatch/servers/part-error';

/** What the launch of a part hands to the board. */
export interface LaunchedPart {
  /** Where the user finds it; empty for a part that only ran. */
  address: string;
  logFile?: string;
  /** `yours`: the user runs it. `done`: it has run to its end. */
  state?: 'running' | 'yours' | 'done';
  /** Settles when its process has ended. */
  exited?: Promise<unknown>;
  stop?: () => Promise<void>;
}

export interface PartStatus {
  name: string;
  state: 'starting' | 'running' | 'yours' | 'done' | 'ended' | 'not started';
  address: string;
  logFile: string;
}

type Launch = Promise<LaunchedPart | undefined>;

export interface StartOrder {
  /** By name. When one of them is not up, this part is not started. */
  needs?: Readonly<Record<string, Launch>>;
  /** Waited for, whatever becomes of them. */
  after?: readonly Launch[];
}

export interface Board {
  /**
   * Starts a part when all that it needs is up and all that it comes after is settled. A part that cannot start is one
   * line and `undefined`, never an exception: the rest goes on where it can.
   */
  start(name: string, order: StartOrder, launch: () => Promise<LaunchedPart>): Launch;
  /** In the order in which the parts were named. */
  statuses(): PartStatus[];
  /** Stops the parts, each once, in the reverse of that order: who writes ends before who is written to. */
  stop(): Promise<void>;
}

export function createBoard(say: (line: string) => void): Board {
  const rows: { status: PartStatus; part?: LaunchedPart }[] = [];
  const stopping = new AbortController();
  const isStopping = (): boolean => stopping.signal.aborted;

  async function launchWhenReady(
    status: PartStatus,
    { needs = {}, after = [] }: StartOrder,
    launch: () => Promise<LaunchedPart>
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
      const part = await launch();
      say(`${status.name}: ${part.state ?? 'running'} after ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
      return part;
    } catch (error) {
      if (!(error instanceof PartUnavailableError)) throw error;
      if (!isStopping()) say(error.message);
      return undefined;
    }
  }

  function watch(status: PartStatus, part: LaunchedPart): void {
    void part.exited?.then(() => {
      status.state = 'ended';
      if (!isStopping()) say(`${status.name} has ended. Its last words are in ${status.logFile}.`);
    });
  }

  return {
    async start(name, order, launch) {
      const row: (typeof rows)[number] = { status: { name, state: 'starting', address: '', logFile: '' } };
      rows.push(row);
      const part = await launchWhenReady(row.status, order, launch);
      if (!part) {
        row.status.state = 'not started';
        return undefined;
      }
      row.part = part;
      row.status = { name, state: part.state ?? 'running', address: part.address, logFile: part.logFile ?? '' };
      watch(row.status, part);
      if (isStopping()) await part.stop?.();
      return part;
    },
    statuses: () => rows.map((row) => ({ ...row.status })),
    async stop() {
      stopping.abort();
      for (const row of rows.toReversed()) {
        const { part } = row;
        delete row.part;
        await part?.stop?.();
      }
    },
  };
}

const HEADINGS = ['part', 'state', 'address', 'log file'] as const;

/** The parts as an aligned text table, one a line under its headings. */
export function partsTable(parts: readonly PartStatus[]): string {
  const rows = [HEADINGS, ...parts.map((part) => [part.name, part.state, part.address, part.logFile] as const)];
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
