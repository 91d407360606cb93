import { installedGrafana } from '@floorwatch/servers/grafana-home';
import { expect, test } from 'vitest';
import { FEWEST_SHORT_ATTEMPTS, runSecurity } from '../security/run-security.ts';

test.skipIf(installedGrafana() === null)(
  'real servers deny what they must (the short form of npm run security; skipped if Grafana is not installed)',
  { timeout: 400_000 },
  async () => {
    const rows = await runSecurity({ isShort: true });
    expect(rows.filter(({ seen, expected }) => seen !== expected)).toEqual([]);
    expect(rows.length).toBeGreaterThan(FEWEST_SHORT_ATTEMPTS);
  }
);
