/** A setting of a profile. A user can change it within min and max, or not at all if `isConst`. Others are free. */
export interface ProfileSetting {
  value: number | string;
  min?: number;
  max?: number;
  isConst?: true;
}

export interface Profile {
  name: string;
  settings: Readonly<Record<string, ProfileSetting>>;
}

export interface Quota {
  name: string;
  /** Per user. */
  intervals: readonly { seconds: number; limits: Readonly<Record<string, number>> }[];
}

const GB = 1_000_000_000;
const fixed = (value: number | string): ProfileSetting => ({ value, isConst: true });
/** At most this value, and not 0, which would mean no limit. */
const atMost = (value: number, max = value): ProfileSetting => ({ value, min: 1, max });

/** Every query of every user is in system.query_log as it was sent. */
const AUDIT = {
  log_queries: fixed(1),
  log_queries_probability: fixed(1),
  log_queries_min_query_duration_ms: fixed(0),
  log_queries_min_type: fixed('QUERY_START'),
  log_queries_cut_to_length: fixed(100_000),
};

/** Of the users that write, and of the one that views run as. */
export const SERVICE_PROFILE: Profile = {
  name: 'floorwatch_service',
  settings: {
    ...AUDIT,
    // Rows of one insert are deduplicated at the next merge and not at insert: all views read with FINAL, and it saves a third
    // of the CPU of path A (0.6 of 1.9 CPU-seconds per million events, measured).
    optimize_on_insert: { value: 0 },
    // On a cluster: a subquery is answered once by all shards, not by each for itself.
    distributed_product_mode: { value: 'global' },
    // On a cluster: path A's offsets are committed only after the rows are on their shards.
    distributed_foreground_insert: { value: 1 },
  },
};

/**
 * A reader can set settings of a query (Grafana's data source does) but not change data. Limits prevent a dashboard from
 * overloading the server.
 */
export const READER_PROFILE: Profile = {
  name: 'floorwatch_reader',
  settings: {
    ...AUDIT,
    readonly: fixed(2),
    distributed_product_mode: { value: 'global' },
    max_memory_usage: atMost(4 * GB),
    // All queries of the user together: all dashboards are one user.
    max_memory_usage_for_user: atMost(8 * GB),
    // More would be memory that no limit sees.
    max_untracked_memory: { value: 4_194_304, min: 0, max: 4_194_304 },
    max_temporary_data_on_disk_size_for_query: atMost(2 * GB),
    max_temporary_data_on_disk_size_for_user: atMost(4 * GB),
    max_execution_time: atMost(30, 60),
    function_sleep_max_microseconds_per_block: fixed(3_000_000),
    max_rows_to_read: atMost(2 * GB),
    max_result_rows: atMost(2_000_000),
    max_threads: atMost(4, 8),
    max_concurrent_queries_for_user: fixed(50),
    // Results of this user in the query cache, if a query asks for it.
    query_cache_max_size_in_bytes: atMost(GB / 10),
    query_cache_max_entries: atMost(1_000),
    // A site reader would get the cached result of a reader of all sites.
    query_cache_share_between_users: fixed(0),
  },
};

/**
 * Above what dashboards need: ten viewers with 20 panels every 5 s send 2,400 queries per minute. After it, the user waits for the next
 * minute, and others do not notice.
 */
export const READER_QUOTA: Quota = {
  name: 'floorwatch_reader',
  intervals: [{ seconds: 60, limits: { queries: 6_000, read_rows: 20 * GB, execution_time: 1_200 } }],
};
