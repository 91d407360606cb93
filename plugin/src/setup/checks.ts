import { t } from '@grafana/i18n';
import { inBrief } from '../grafana/dataSourceWords';
import { RUNBOOKS_URL } from '../grafana/identifiers';
import { showQuantity, showText, UNESCAPED } from '../grafana/showText';

/** Result of one check: what is so, and what to do when that is not good. */
export interface Finding {
  id: string;
  state: 'ok' | 'warning' | 'failed' | 'unknown';
  title: string;
  text: string;
  /** '' where there is nothing to do. */
  remedy: string;
  /** Address of a page that says more; '' for none. */
  link?: string;
}

/** What ClickHouse says of itself in one row: the query `SETUP`. */
export interface DatabaseFacts {
  readonly: number;
  views: string[];
  now_ms: number;
  newest_seconds: number | null;
  robots: number;
  wrong_clocks: number;
  floors: string[];
  planned_floors: string[];
}

/** Views that the pages read; a database without one of them is older than the plugin, or its user may not read it. */
export const NEEDED_VIEWS = [
  ...['v_fleet_now', 'v_fleet_reports', 'v_fleet_changes', 'v_robots', 'v_robot_roster', 'v_robot_minutes'],
  ...['v_robot_hours', 'v_robot_anomaly', 'v_events', 'v_task_ends', 'v_floor_cell_hours'],
  ...[
    'v_task_runs',
    'v_pipeline',
    'v_path_offsets',
    'v_dead_letters',
    'v_dead_letter_reasons',
    'v_health',
    'v_roll_ups',
  ],
  ...['v_throughput', 'v_state_shares', 'v_floor_plans', 'v_zones', 'v_lanes', 'v_stations', 'v_floor_cells'],
];

export const SETUP = `SELECT
  toUInt8(getSetting('readonly')) AS readonly,
  (SELECT groupArray(name) FROM system.tables WHERE database = 'warehouse' AND startsWith(name, 'v_')) AS views,
  toUnixTimestamp64Milli(now64(3)) AS now_ms,
  count() AS robots,
  minOrNull(age_seconds) AS newest_seconds,
  countIf(clock_wrong = 1) AS wrong_clocks,
  groupUniqArrayIf(ifNull(toString(map_id), ''), map_id IS NOT NULL) AS floors,
  (SELECT groupUniqArray(toString(map_id)) FROM warehouse.v_floor_plans) AS planned_floors
FROM warehouse.v_fleet_reports`;

/** Steps of a migration that were begun and not finished. A reader of one site may not ask. */
export const MIGRATION = `SELECT toUInt32(ifNull(value, 0)) AS steps, subject AS step FROM warehouse.v_health WHERE check = 'migration'`;

export interface MigrationFacts {
  steps: number;
  step: string;
}

/** A difference of clocks that a person sees on the pages. */
const CLOCK_SECONDS = 5;
const STALE_SECONDS = 60;

/** One finding a cause: what cannot be known because of an earlier cause is left out. */
export function findingsOfDatabase(
  source: { uid: string; isThere: boolean },
  answer: { facts: DatabaseFacts | null; problem: string },
  browserMs: number
): Finding[] {
  const title = t('setup.clickhouse.title', 'ClickHouse');
  if (!source.isThere) {
    return [
      {
        id: 'clickhouse',
        state: 'failed',
        title,
        text: t('setup.clickhouse.missing', 'There is no data source with the uid {{uid}}.', {
          uid: source.uid,
          ...UNESCAPED,
        }),
        remedy: t('setup.clickhouse.choose', 'Choose a ClickHouse data source above, or add one.'),
        link: '/connections/datasources/grafana-clickhouse-datasource',
      },
    ];
  }
  const { facts, problem } = answer;
  if (facts === null) return [{ id: 'clickhouse', state: 'failed', title, ...remedyOfProblem(problem) }];
  return [
    { id: 'clickhouse', state: 'ok', title, text: t('setup.clickhouse.ok', 'It answers.'), remedy: '' },
    readonlyFinding(facts),
    schemaFinding(facts),
    newestFinding(facts),
    clockFinding(facts, browserMs),
    plansFinding(facts),
  ];
}

const REFUSED = /not enough privileges|ACCESS_DENIED|code: 497/i;

/** What ClickHouse's words mean, and what to do about that. */
function remedyOfProblem(problem: string): Pick<Finding, 'text' | 'remedy' | 'link'> {
  const text = showText(inBrief(problem));
  if (REFUSED.test(problem)) {
    return {
      text,
      remedy: t(
        'setup.remedy.rights',
        'Give its user the role floorwatch_reader_role: run `ingestor migrate` as floorwatch_owner.'
      ),
    };
  }
  if (/authentication failed|code: 516/i.test(problem)) {
    return {
      text,
      remedy: t(
        'setup.remedy.password',
        'Compare user and password of the data source with those of floorwatch_reader.'
      ),
    };
  }
  if (/unknown (table|identifier|database|column)|code: (60|47|81)\b/i.test(problem)) {
    return {
      text,
      remedy: t(
        'setup.remedy.schema',
        'The schema is missing or older than this plugin: run `ingestor migrate` as floorwatch_owner.'
      ),
    };
  }
  return {
    text,
    remedy: t('setup.remedy.reach', 'Check its address, and whether ClickHouse runs.'),
    link: `${RUNBOOKS_URL}/clickhouse-down`,
  };
}

function readonlyFinding({ readonly }: DatabaseFacts): Finding {
  const isReadOnly = readonly === 1 || readonly === 2;
  return {
    id: 'readonly',
    state: isReadOnly ? 'ok' : 'warning',
    title: t('setup.readonly.title', 'Its user only reads'),
    text: isReadOnly
      ? t('setup.readonly.ok', 'The user of the data source cannot change anything.')
      : t('setup.readonly.no', 'The user of the data source could change data: everybody with Explore could do so.'),
    remedy: isReadOnly ? '' : t('setup.readonly.remedy', 'Use the user floorwatch_reader in the data source.'),
  };
}

function schemaFinding({ views }: DatabaseFacts): Finding {
  const missing = NEEDED_VIEWS.filter((view) => !views.includes(view));
  return {
    id: 'schema',
    state: missing.length === 0 ? 'ok' : 'failed',
    title: t('setup.schema.title', 'Views of the database'),
    text:
      missing.length === 0
        ? t('setup.schema.ok', 'All {{views}} views that the pages read are there.', { views: NEEDED_VIEWS.length })
        : t('setup.schema.missing', 'Missing, or not allowed for this user: {{missing}}.', {
            missing: missing.join(', '),
            ...UNESCAPED,
          }),
    remedy:
      missing.length === 0
        ? ''
        : t('setup.schema.remedy', 'Run `ingestor migrate` as floorwatch_owner, of the version of this plugin.'),
  };
}

/** Whether the schema is that of one version: each of its migrations and views was applied completely. */
export function findingOfMigration(answer: { facts: MigrationFacts | null; problem: string }): Finding {
  const { facts, problem } = answer;
  const base = { id: 'migration', title: t('setup.migration.title', 'Schema version') };
  if (facts === null) {
    if (problem !== '' && !REFUSED.test(problem)) return { ...base, state: 'unknown', ...remedyOfProblem(problem) };
    return {
      ...base,
      state: 'unknown',
      text: t('setup.migration.hidden', 'The user of the data source may not read how the schema was applied.'),
      remedy: '',
    };
  }
  return facts.steps === 0
    ? {
        ...base,
        state: 'ok',
        text: t('setup.migration.ok', 'Each migration and each view was applied completely.'),
        remedy: '',
      }
    : {
        ...base,
        state: 'failed',
        text: t('setup.migration.partial', 'Applied only in part: {{step}}.', {
          step: showText(facts.step),
          ...UNESCAPED,
        }),
        remedy: t('setup.migration.remedy', 'Run `ingestor migrate` as floorwatch_owner; it says what to do.'),
        link: `${RUNBOOKS_URL}/storage`,
      };
}

function newestFinding({ newest_seconds: seconds, robots }: DatabaseFacts): Finding {
  const title = t('setup.newest.title', 'Newest event');
  if (robots === 0 || seconds === null) {
    return {
      id: 'newest',
      state: 'warning',
      title,
      text: t('setup.newest.none', 'No robot has ever reported.'),
      remedy: t(
        'setup.newest.publish',
        'Let robots publish to the Kafka topic; the page Pipeline shows where their events end.'
      ),
      link: `${RUNBOOKS_URL}/telemetry-dropoff`,
    };
  }
  const age = showQuantity(seconds, 's', 0);
  const isStale = seconds > STALE_SECONDS;
  return {
    id: 'newest',
    state: isStale ? 'warning' : 'ok',
    title,
    text: t('setup.newest.age', 'It arrived {{age}} ago, from one of {{robots}} robots.', {
      age,
      robots,
      ...UNESCAPED,
    }),
    remedy: isStale
      ? t('setup.newest.remedy', 'The page Pipeline shows whether a path is late, stopped or without events.')
      : '',
  };
}

function clockFinding({ now_ms: nowMs, wrong_clocks: wrong }: DatabaseFacts, browserMs: number): Finding {
  const offset = (browserMs - nowMs) / 1_000;
  const isOff = Math.abs(offset) > CLOCK_SECONDS;
  return {
    id: 'clocks',
    state: isOff || wrong > 0 ? 'warning' : 'ok',
    title: t('setup.clocks.title', 'Clocks'),
    text: isOff
      ? t('setup.clocks.browser', "This computer's clock and that of ClickHouse differ by {{offset}}.", {
          offset: showQuantity(Math.abs(offset), 's', 0),
          ...UNESCAPED,
        })
      : wrong > 0
        ? t('setup.clocks.robots', 'The clocks of {{wrong}} robots are wrong by more than a minute.', { wrong })
        : t('setup.clocks.ok', 'This computer, ClickHouse and all robots agree.'),
    remedy:
      isOff || wrong > 0
        ? t('setup.clocks.remedy', 'Let them follow a time server (NTP). The page Robots sorts robots by clock offset.')
        : '',
  };
}

function plansFinding({ floors, planned_floors: planned }: DatabaseFacts): Finding {
  const missing = floors.filter((floor) => floor !== '' && !planned.includes(floor));
  return {
    id: 'plans',
    state: missing.length === 0 ? 'ok' : 'warning',
    title: t('setup.plans.title', 'Floor plans'),
    text:
      missing.length === 0
        ? t('setup.plans.ok', 'Each floor that robots report has a plan.')
        : t('setup.plans.missing', 'Robots report floors without a plan: {{floors}}.', {
            floors: missing.slice(0, 10).map(showText).join(', '),
            ...UNESCAPED,
          }),
    remedy:
      missing.length === 0
        ? ''
        : t('setup.plans.remedy', 'Import each with `ingestor floorplan import map.yaml --map-id ID`.'),
  };
}

/** Of Prometheus: whether it is there, answers, and scrapes the ingestor. `up` is null where it does not know the ingestor. */
export function findingOfPrometheus(
  source: { uid: string; isThere: boolean },
  answer: { up: number | null; problem: string }
): Finding {
  const base = { id: 'prometheus', title: t('setup.prometheus.title', 'Prometheus') };
  if (!source.isThere) {
    return {
      ...base,
      state: 'warning',
      text: t('setup.prometheus.missing', 'There is no data source with the uid {{uid}}.', {
        uid: source.uid,
        ...UNESCAPED,
      }),
      remedy: t(
        'setup.prometheus.choose',
        'Choose one above. Without it, duration and failures of inserts are not shown; all else works.'
      ),
    };
  }
  if (answer.problem !== '') {
    return {
      ...base,
      state: 'failed',
      text: showText(answer.problem).slice(0, 300),
      remedy: t('setup.prometheus.reach', 'Check its address, and whether Prometheus runs.'),
      link: `${RUNBOOKS_URL}/prometheus-down`,
    };
  }
  if (answer.up !== 1) {
    return {
      ...base,
      state: 'warning',
      text: t('setup.prometheus.no_ingestor', 'It answers, and gets no metrics of an ingestor.'),
      remedy: t('setup.prometheus.scrape', 'Let it scrape the ingestor as the job floorwatch-ingestor.'),
      link: `${RUNBOOKS_URL}/ingestor-down`,
    };
  }
  return {
    ...base,
    state: 'ok',
    text: t('setup.prometheus.ok', 'It answers and has the metrics of the ingestor.'),
    remedy: '',
  };
}

/** Of the alert rules in Grafana's folder Floorwatch, and how many Grafana cannot evaluate; null where this user may not see them. */
export function findingOfRules(rules: { all: number; failing: number } | null): Finding {
  const base = { id: 'rules', title: t('setup.rules.title', 'Alert rules') };
  if (rules === null) {
    return {
      ...base,
      state: 'unknown',
      text: t('setup.rules.hidden', 'This user may not see alert rules.'),
      remedy: '',
    };
  }
  if (rules.failing > 0) {
    return {
      ...base,
      state: 'failed',
      text: t(
        'setup.rules.failing',
        '{{failing}} of {{rules}} rules cannot be evaluated: they do not notify anybody.',
        {
          failing: rules.failing,
          rules: rules.all,
        }
      ),
      remedy: t('setup.rules.look', 'Look at their errors in Grafana. Usually the data source of the rules fails.'),
      link: '/alerting/list?search=health:error',
    };
  }
  return rules.all > 0
    ? {
        ...base,
        state: 'ok',
        text: t('setup.rules.ok', '{{rules}} rules are loaded.', { rules: rules.all }),
        remedy: '',
      }
    : {
        ...base,
        state: 'warning',
        text: t('setup.rules.none', 'No rule is loaded: nobody is told when something breaks.'),
        remedy: t('setup.rules.remedy', 'Write them with `ingestor provisioning` and mount them into Grafana.'),
      };
}

/** Of where alerts go: names and addresses of contact points; null where this user may not see them. */
export function findingOfContactPoints(points: ReadonlyArray<{ name: string; address: string }> | null): Finding {
  const base = { id: 'contact', title: t('setup.contact.title', 'Contact point') };
  if (points === null) {
    return {
      ...base,
      state: 'unknown',
      text: t('setup.contact.hidden', 'This user may not see contact points.'),
      remedy: '',
    };
  }
  const real = points.filter(({ address }) => address !== '' && !/example@|example\.(com|org)/.test(address));
  return real.length > 0
    ? {
        ...base,
        state: 'ok',
        text: t('setup.contact.ok', 'Alerts go to: {{names}}.', {
          names: [...new Set(real.map(({ name }) => showText(name)))].join(', '),
          ...UNESCAPED,
        }),
        remedy: '',
      }
    : {
        ...base,
        state: 'warning',
        text: t('setup.contact.none', 'Alerts go nowhere: no contact point has an address.'),
        remedy: t('setup.contact.remedy', 'Set ALERT_WEBHOOK_URL or another receiver: `ingestor provisioning --help`.'),
      };
}
