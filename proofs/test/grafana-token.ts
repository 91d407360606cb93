/** @returns a token of a new service account with this role, made by `admin` with this password */
export async function grafanaToken(url: string, password: string, role = 'Admin'): Promise<string> {
  const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
  const post = async <T>(path: string, body: object): Promise<T> => {
    const headers = { authorization, 'content-type': 'application/json' };
    const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  const account = await post<{ id: number }>('/api/serviceaccounts', { name: `check as ${role}`, role });
  const path = `/api/serviceaccounts/${account.id}/tokens`;
  return (await post<{ key: string }>(path, { name: 'check' })).key;
}
