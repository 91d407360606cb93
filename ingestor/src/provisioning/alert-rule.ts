/** An alert rule of Floorwatch. `render-rules.ts` turns it into Grafana's file provisioning. */
export interface AlertRule {
  /** The uid without `floorwatch-`. */
  name: string;
  title: string;
  /** File in plugin/src/runbooks. */
  runbook: string;
  /** Who fixes it: `data` owns the pipeline, `operations` the robots. */
  team: 'data' | 'operations';
  /** `by row`: the query has a column `severity`. */
  severity: 'critical' | 'warning' | 'by row';
  /** Reads well unrendered, because Grafana's list does not render templates. One sentence, no template. */
  summary: string;
  /** What is wrong, where and how bad, in one line for a lock screen. A template with labels and values, without branches. */
  detail: string;
  /** What it means for the floor. */
  impact: string;
  firstStep: string;
  /** Path in the app, with labels as templates. */
  page: string;
  /** Panel of the dashboard floorwatch-floor. */
  panelId: number;
  queries: readonly Query[];
  /** A rule of Prometheus sees the same better: this one is left out where there is Prometheus, so that one cause is one page. */
  isWithoutPrometheus?: true;
  /** Of Grafana's math expressions: true while the rule's condition holds. */
  condition: string;
  forSeconds: number;
  /** How long the first notification waits for further alerts of the rule. Default: 15 for a warning, 5 otherwise. */
  groupWaitSeconds?: number;
  keepFiringForSeconds: number;
  /**
   * No row. `OK`: the query returns only what is wrong. `KeepLast`: the query always returns rows, so without any, nothing is known.
   * `Alerting`: the rule watches exactly this.
   */
  noData: 'OK' | 'KeepLast' | 'Alerting';
  /** `Alerting` only in the one health rule of each data source. So an outage is one page, and ends no other alert. */
  onError: 'KeepLast' | 'Alerting';
}

export interface RuleGroup {
  name: string;
  /** A multiple of 10, because Grafana evaluates every 10 s. */
  intervalSeconds: number;
  /** Whether a planned stop of the floor mutes its notifications. */
  mutedByPlannedStop: boolean;
  rules: readonly AlertRule[];
}

/** PromQL, SQL, or an expression of Grafana over the other queries. */
export type Query = { refId: string } & ({ expr: string } | { sql: string } | { math: string });

export const CLICKHOUSE_UID = 'floorwatch-clickhouse';
export const PROMETHEUS_UID = 'floorwatch-prometheus';
export const RULE_PREFIX = 'floorwatch-';
export const FOLDER = 'Floorwatch';
