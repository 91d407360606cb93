export interface ProgressState {
  done: number;
  total: number;
  /** What `done` and `total` count, such as `messages`. */
  unit: string;
  /** Rows that ClickHouse has confirmed. */
  rows: number;
  elapsedSeconds: number;
}

const SHOW_EVERY_MS = 2_000;

/** One line: progress, rate and remaining time. */
export function progressText({ done, total, unit, rows, elapsedSeconds }: ProgressState): string {
  const percent = total === 0 ? 100 : (done / total) * 100;
  const rate = elapsedSeconds > 0 ? done / elapsedSeconds : 0;
  const left = rate > 0 ? `${durationText((total - done) / rate)} left` : 'waiting for the first';
  const share = `${percent.toFixed(1)} %: ${count(done)} of ${count(total)} ${unit}`;
  return `${share}, ${count(rows)} rows added, ${count(Math.round(rate))} ${unit}/s, ${left}`;
}

export function durationText(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}

export function count(n: number): string {
  return n.toLocaleString('en-US');
}

/** Shows progress on standard error until the returned function is called: one line that is updated, or lines in a log file. */
export function showProgress(state: () => Promise<ProgressState> | ProgressState): () => void {
  const { stderr } = process;
  const show = async (): Promise<void> => {
    const line = progressText(await state());
    stderr.write(stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
  };
  const timer = setInterval(() => void show(), SHOW_EVERY_MS);
  return () => {
    clearInterval(timer);
    if (stderr.isTTY) stderr.write('\r\x1b[K');
  };
}
