/** Where the tests find the running stack: `setup.ts` writes it, every worker reads it. */
export interface World {
  grafanaUrl: string;
  clickHouseUrl: string;
  kafkaBrokers: string;
  topic: string;
  grafanaAdminPassword: string;
  clickHouseReaderPassword: string;
  /** For rows of the past, which no robot of the tests can have sent. */
  clickHouseOwnerPassword: string;
}

const VARIABLE = 'FLOORWATCH_E2E_WORLD';
const SKIP_VARIABLE = 'FLOORWATCH_E2E_SKIP';

export function publishWorld(world: World): void {
  process.env[VARIABLE] = JSON.stringify(world);
}

export function readWorld(): World {
  const json = process.env[VARIABLE];
  if (json === undefined) throw new Error('the end-to-end stack was not set up');
  return JSON.parse(json) as World;
}

/** Makes every test say that it was skipped, and why. */
export function skipAll(reason: string): void {
  process.env[SKIP_VARIABLE] = reason;
}

/** Null when the tests run. */
export function skipReason(): string | null {
  return process.env[SKIP_VARIABLE] ?? null;
}
