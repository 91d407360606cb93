/** Addresses and passwords of the running stack. `setup.ts` writes them, every worker reads them. */
export interface World {
  grafanaUrl: string;
  clickHouseUrl: string;
  kafkaBrokers: string;
  topic: string;
  grafanaAdminPassword: string;
  clickHouseReaderPassword: string;
  /** To insert past events, which the robots of the tests cannot send. */
  clickHouseOwnerPassword: string;
}

const VARIABLE = 'FLOORWATCH_E2E_WORLD';
const SKIP_VARIABLE = 'FLOORWATCH_E2E_SKIP';

export function publishWorld(world: World): void {
  process.env[VARIABLE] = JSON.stringify(world);
}

export function readWorld(): World {
  const json = process.env[VARIABLE];
  if (json === undefined) throw new Error('The stack of the browser tests is not running: run them with npm run e2e');
  return JSON.parse(json) as World;
}

/** Skips every test with the reason. */
export function skipAll(reason: string): void {
  process.env[SKIP_VARIABLE] = reason;
}

/** The reason to skip the tests, or null. */
export function skipReason(): string | null {
  return process.env[SKIP_VARIABLE] ?? null;
}
