import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MS = 500;
const TIMEOUT_MS = 60_000;

/**
 * A token of a new service account with this role, made by `admin` with this password. Retries, because just after its start
 * Grafana writes much into its database and can answer that it is locked.
 */
export async function grafanaToken(url: string, password: string, role = 'Admin'): Promise<string> {
  const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
  const headers = { authorization, 'content-type': 'application/json' };
  const deadlineMs = Date.now() + TIMEOUT_MS;
  const post = async <T>(path: string, body: object): Promise<T> => {
    for (;;) {
      // A new name for each attempt, because one that failed may have left its own.
      const named = JSON.stringify({ ...body, name: `check-${randomUUID()}` });
      const response = await fetch(url + path, { method: 'POST', headers, body: named });
      if (response.ok) return (await response.json()) as T;
      if (Date.now() > deadlineMs) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      await sleep(RETRY_MS);
    }
  };
  const account = await post<{ id: number }>('/api/serviceaccounts', { role });
  return (await post<{ key: string }>(`/api/serviceaccounts/${account.id}/tokens`, {})).key;
}
