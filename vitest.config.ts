import { defineConfig } from 'vitest/config';

// unit: beside the source, no process started. integration: a real Kafka and a real ClickHouse, one file at a time,
// because two brokers and two servers at once on two cores make each other time out.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{packages/*,ingestor,demo}/src/**/*.test.ts', 'proofs/!(test)/**/*.test.ts', '.ci/*.test.ts'],
          environment: 'node',
          // Generous: a loaded machine is slow, and only a hang should fail a test by time.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['{packages/*,ingestor,demo,proofs}/test/**/*.test.ts'],
          environment: 'node',
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
