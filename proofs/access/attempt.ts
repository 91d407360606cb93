import { setTimeout as sleep } from 'node:timers/promises';

/** A user, and the password that it tries. */
export interface Login {
  user: string;
  password: string;
}

/** One thing that somebody tries, and what happens: `allowed`, the name of ClickHouse's error, or a value. */
export interface Attempt {
  attempt: string;
  expected: string;
  run: () => Promise<string>;
  /** It takes seconds. */
  isSlow?: true;
}

export interface AccessRow {
  attempt: string;
  expected: string;
  seen: string;
}

export type Settings = Readonly<Record<string, string | number>>;

/** Tries a query. Settings are sent with the request, as the Grafana data source does. */
export async function tryQuery(
  url: string,
  login: Login | null,
  query: string,
  settings: Settings = {}
): Promise<string> {
  const { error } = await send(url, login, query, settings);
  return error ?? 'allowed';
}

/** @returns the response as text, or the name of ClickHouse's error */
export async function send(
  url: string,
  login: Login | null,
  query: string,
  settings: Settings = {}
): Promise<{ text: string; error?: string }> {
  // Without wait_end_of_query, an error in the middle of a response would follow a status of 200.
  const parameters = new URLSearchParams({ wait_end_of_query: '1', ...asTexts(settings) });
  const headers = login && { 'X-ClickHouse-User': login.user, 'X-ClickHouse-Key': login.password };
  const response = await fetch(`${url}/?${parameters.toString()}`, {
    method: 'POST',
    body: query,
    ...(headers && { headers }),
  });
  const text = await response.text();
  if (response.ok) return { text };
  return { text, error: /\(([A-Z][A-Z0-9_]+)\)[^()]*(?:\(version [^)]*\))?\s*$/.exec(text)?.[1] ?? text.slice(0, 200) };
}

/** Runs a query many times at once. @returns how many ended in which way, as `50 allowed, 10 TOO_MANY_SIMULTANEOUS_QUERIES` */
export async function tryAtOnce(times: number, run: () => Promise<string>): Promise<string> {
  const seen = await Promise.all(Array.from({ length: times }, run));
  const counts = Map.groupBy(seen, (outcome) => outcome);
  return [...counts]
    .map(([outcome, all]) => `${all.length} ${outcome}`)
    .sort()
    .join(', ');
}

/** Repeats until the outcome is not `allowed`, at most this often. */
export async function tryUntilRefused(most: number, lanes: number, run: () => Promise<string>): Promise<string> {
  let left = most;
  let refused: string | undefined;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (left-- > 0 && refused === undefined) {
        const outcome = await run();
        if (outcome !== 'allowed') refused = outcome;
      }
    })
  );
  return refused ?? `allowed ${most} times`;
}

/** Asks until the answer is true, at most for 10 s. */
export async function becomesTrue(ask: () => Promise<boolean>): Promise<boolean> {
  for (let i = 0; i < 40; i++) {
    if (await ask()) return true;
    await sleep(250);
  }
  return false;
}

function asTexts(settings: Settings): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));
}
