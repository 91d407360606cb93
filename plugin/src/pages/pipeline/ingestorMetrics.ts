import { FieldType, type DataFrame, type PanelData } from '@grafana/data';
import { SceneQueryRunner } from '@grafana/scenes';
import { PROMETHEUS } from '../../grafana/identifiers';
import { INGESTOR_METRICS } from '../../queries/metrics';

/** What Prometheus knows of the ingestor; null where it has no sample. */
export interface IngestorMetrics {
  eventAgeP50Seconds: number | null;
  eventAgeP95Seconds: number | null;
  insertP50Seconds: number | null;
  insertP95Seconds: number | null;
  failedInserts: number | null;
  /** Why inserts fail now, as ClickHouse names it; '' while they succeed. */
  failing: string;
}

export function runIngestorMetrics(): SceneQueryRunner {
  return new SceneQueryRunner({
    datasource: PROMETHEUS,
    queries: Object.entries(INGESTOR_METRICS).map(([refId, expr]) => ({
      refId,
      datasource: PROMETHEUS,
      expr,
      instant: true,
    })),
  });
}

export function readIngestorMetrics(data: PanelData | undefined): IngestorMetrics {
  const frames = (refId: keyof typeof INGESTOR_METRICS) =>
    (data?.series ?? []).filter((frame) => frame.refId === refId && frame.length > 0);
  const first = (refId: keyof typeof INGESTOR_METRICS) => frames(refId).map(valueOf).find(Number.isFinite) ?? null;
  return {
    eventAgeP50Seconds: first('event_age_p50'),
    eventAgeP95Seconds: first('event_age_p95'),
    insertP50Seconds: first('insert_p50'),
    insertP95Seconds: first('insert_p95'),
    failedInserts: first('failed_inserts'),
    failing: frames('failing')
      .map(({ fields }) => fields.find(({ type }) => type === FieldType.number)?.labels ?? {})
      .map(({ reason = '', code = '' }) => `${reason} ${code}`.trim())
      .join(', '),
  };
}

function valueOf({ fields }: DataFrame): number {
  return Number(fields.find(({ type }) => type === FieldType.number)?.values.at(-1) ?? NaN);
}
