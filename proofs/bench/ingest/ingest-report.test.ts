import { expect, it } from 'vitest';
import { ingestReport, type Measurement } from './ingest-report.ts';

const run = (clientCpuSeconds: number, serverCpuSeconds: number, eventLoopMsP99: number | null = 20): Measurement => ({
  ...{ events: 1_000, wallSeconds: 2, clientCpuSeconds, serverCpuSeconds, rssMegabytesPeak: 200, eventLoopMsP99 },
});

it('a row has the medians and minima of its runs, and compares them with those of json', () => {
  const rows = ingestReport(
    [
      { name: 'json', runs: [run(3, 1), run(1, 1), run(4, 4)] },
      { name: 'avro', runs: [run(8, 2), run(6, 2)] },
    ],
    [{ name: 'other', runs: [run(2, 2, null)] }],
    [run(30, 10)]
  );
  expect(rows).toMatchObject([
    {
      ...{ case: 'json', repetitions: 3, client_cpu_s: 3, client_cpu_s_min: 1, total_cpu_s: 4, total_cpu_s_min: 2 },
      ...{ events_per_client_cpu_s: 333, events_per_total_cpu_s: 250, share_of_json: 1, event_loop_ms_p99: 20 },
      ...{ ratio_total_cpu: 10, original: { client_cpu_s: 30, total_cpu_s: 40 } },
    },
    { case: 'avro', total_cpu_s: 9, events_per_total_cpu_s: 111, share_of_json: 0.44 },
    { peer: 'other', events_per_total_cpu_s: 250, ratio_total_cpu: 1 },
  ]);
});

it('without json, nothing is compared', () => {
  expect(
    ingestReport([{ name: 'masked', runs: [run(1, 1)] }], [{ name: 'other', runs: [run(1, 1)] }], [])
  ).toMatchObject([
    { case: 'masked', share_of_json: null },
    { peer: 'other', ratio_total_cpu: null },
  ]);
});
