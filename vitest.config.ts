import { defineConfig } from 'vitest/config';

// unit: tests beside the source, which start no process. integration: tests with a real Kafka and a real ClickHouse, one file
// at a time, because several brokers and servers at once time out on two cores.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{packages/*,ingestor,demo}/src/**/*.test.ts', 'proofs/!(test)/**/*.test.ts', '.ci/*.test.ts'],
          environment: 'node',
          // Long, because a loaded machine is slow. Only a hanging test should time out.
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
