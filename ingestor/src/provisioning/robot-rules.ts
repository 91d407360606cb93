import type { AlertRule, RuleGroup } from './alert-rule.ts';

const robotRule = {
  team: 'operations',
  keepFiringForSeconds: 30,
  // The views return only what is wrong.
  noData: 'OK',
  onError: 'KeepLast',
  condition: 'is_number($rows)',
  // A row appears when its condition has lasted long enough. With `for`, KeepLast would let a pending alert fire while ClickHouse does not answer.
  forSeconds: 0,
  panelId: 2,
} as const satisfies Partial<AlertRule>;

const ROBOT_PAGE = 'robot?id={{ urlquery $labels.robot_id }}';

/** The limits of these rules are in sql/views/alerts.sql. */
export const ROBOTS: RuleGroup = {
  name: 'robots',
  intervalSeconds: 30,
  mutedByPlannedStop: true,
  rules: [
    {
      ...robotRule,
      name: 'silent-group',
      title: 'Group of robots silent',
      runbook: 'silent-group',
      severity: 'by row',
      summary: 'A whole group of robots stopped sending telemetry.',
      detail:
        '{{ $values.rows.Value }} of {{ $values.all.Value }} robots of {{ $labels.name }} are silent ({{ $values.share.Value }} %).',
      impact:
        'Nobody sees where these robots are or whether they move. They stopped together, so the cause is probably what they share: network, power, software, or the way to Kafka.',
      firstStep: 'Ask the floor whether the robots move, then check what the group shares, first its Wi-Fi.',
      page: 'fleet',
      queries: [
        {
          refId: 'rows',
          sql: 'SELECT kind, name, severity, site, stopped_robots FROM warehouse.v_alert_silent_groups',
        },
        { refId: 'all', sql: 'SELECT kind, name, severity, site, robots FROM warehouse.v_alert_silent_groups' },
        { refId: 'share', math: 'round(100 * $rows / $all)' },
      ],
    },
    {
      ...robotRule,
      name: 'telemetry-dropoff',
      title: 'Telemetry drop-off',
      runbook: 'telemetry-dropoff',
      severity: 'warning',
      summary: 'A robot stopped sending telemetry.',
      detail:
        '{{ $labels.robot_id }} has sent nothing for {{ humanizeDuration (or $values.rows.Value 0.0) }}. Last place: {{ $labels.place }}.',
      impact: 'The other robots report, so the pipeline works. Nobody sees where this robot is or whether it moves.',
      firstStep: 'Open its page for its last place, battery and state. Send somebody to check its power and its Wi-Fi.',
      page: ROBOT_PAGE,
      queries: [{ refId: 'rows', sql: 'SELECT robot_id, site, place, silent_seconds FROM warehouse.v_alert_dropoff' }],
      // Each partition knows its silence a few seconds earlier or later, so robots that stop together can be one evaluation apart.
      groupWaitSeconds: 35,
    },
    {
      ...robotRule,
      name: 'robot-needs-help',
      title: 'Robot needs help',
      runbook: 'robot-needs-help',
      severity: 'warning',
      summary: 'A robot reports, but cannot continue without a person.',
      detail:
        '{{ $labels.robot_id }}: {{ $labels.problem }}, {{ $values.rows.Value }} {{ $labels.unit }}. Place: {{ $labels.place }}.',
      impact: 'Its task waits, and it can block others.',
      firstStep: 'Open its page for place, state and error code, and send somebody with this runbook.',
      page: ROBOT_PAGE,
      queries: [
        { refId: 'rows', sql: 'SELECT robot_id, problem, site, place, unit, amount FROM warehouse.v_alert_robots' },
      ],
    },
  ],
};

/** What is computed by minutes. */
export const MINUTES: RuleGroup = {
  name: 'minutes',
  // The newest minute is there at a second that the start of Grafana decides: with 60, an alert would end up to two minutes after its cause.
  intervalSeconds: 30,
  mutedByPlannedStop: true,
  rules: [
    {
      ...robotRule,
      name: 'telemetry-slow',
      title: 'Telemetry slow',
      runbook: 'telemetry-dropoff',
      severity: 'warning',
      summary: 'A robot sends much less telemetry than usual.',
      detail:
        '{{ $labels.robot_id }} sends {{ $values.rows.Value }} % of its usual events. Place: {{ $labels.place }}.',
      impact: 'Its position on the map jumps, and you see a real problem late.',
      firstStep: 'Open its page, then check its Wi-Fi signal and its load.',
      page: ROBOT_PAGE,
      queries: [{ refId: 'rows', sql: 'SELECT robot_id, site, place, percent FROM warehouse.v_alert_slow_robots' }],
    },
    {
      ...robotRule,
      name: 'flow',
      title: 'Tasks stopped',
      runbook: 'flow',
      severity: 'warning',
      summary: 'Far fewer tasks end than usual at this time.',
      detail:
        'Site {{ $labels.site }}: {{ $values.rows.Value }} tasks ended in the last ten minutes; {{ $values.usual.Value }} are usual.',
      impact: 'Robots report, but work does not get done.',
      firstStep: 'See whether robots wait for orders (ask the fleet manager) or block each other.',
      page: 'fleet',
      queries: [
        { refId: 'rows', sql: 'SELECT site, amount FROM warehouse.v_alert_flow' },
        { refId: 'usual', sql: 'SELECT site, usual_amount FROM warehouse.v_alert_flow' },
      ],
    },
  ],
};
