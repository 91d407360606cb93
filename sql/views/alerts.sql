-- What the alert rules ask (ingestor/src/provisioning/): each view has a row per instance that breaks its rule, and no row while all
-- is well. Its limits are here and nowhere else. Text columns become labels of the alert, so they must not change while it lasts.
--
-- A row appears when its condition has lasted long enough: the views measure that, not Grafana's `for`. While ClickHouse does not answer,
-- Grafana keeps a pending alert and counts on (KeepLast), so it would page after a time in which nobody asked. For the same reason,
-- what lasts ends with what is stored: after such a pause, nothing has lasted for as long as the pause.

-- Three times its usual gap is silence, at least 60 s. The usual gap is the median of the gaps between the last arrival in ten
-- minutes and the next arrival, over a day. With fewer than three gaps, the gap can be a pause: then at most an hour.
-- Rows of one bucket can still be separate: only a gap between two buckets counts. Only for robots that are silent for 30 s.
CREATE OR REPLACE VIEW warehouse.robot_rhythms{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    a.robot_id AS robot_id,
    arraySort(groupArray((a.first_arrival, a.last_arrival, a.bucket))) AS times,
    arrayFilter(gap -> gap > 0, arrayMap(
        (next, previous) -> if(next.3 = previous.3, 0, dateDiff('millisecond', previous.2, next.1) / 1000),
        arrayPopFront(times), arrayPopBack(times))) AS gap_seconds,
    length(gap_seconds) AS gaps,
    if(gaps = 0, 0, arrayReduce('median', gap_seconds)) AS usual_gap_seconds,
    greatest(60, least(3 * usual_gap_seconds, if(gaps < 3, 3600, inf))) AS allowed_seconds
FROM warehouse.robot_arrivals AS a
WHERE a.bucket >= now('UTC') - INTERVAL 1 DAY
  AND a.robot_id IN (SELECT s.robot_id FROM warehouse.robot_latest AS s GROUP BY s.robot_id HAVING max(s.arrived_at) < now64(3, 'UTC') - INTERVAL 30 SECOND)
GROUP BY a.robot_id
COMMENT 'For how long can each robot be silent? Without a row: 60 s.';

-- Silent robots, each with the group that explains its silence best.
--
-- A robot has stopped after half of its allowed silence: so when the first robot of a group is silent, those that stopped with it
-- are counted already. A group's robots are those that report, and those whose silence is as long as its typical one (two minutes
-- more or less): robots that were silent long before are no part of it and keep their own alert.
-- Of the groups that explain a robot, the one with the highest `stopped * share^4` wins: a zone that is silent as a whole wins over the
-- floor around it, and 97 % of the fleet wins over the zones in it. At the same score, the wider group wins. A group that smaller ones
-- explain already is none: the rest of its robots have alerts of their own.
CREATE OR REPLACE VIEW warehouse.silent_robots{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH
    -- Robots connect again one after the other when Kafka is back: for a minute after a pause in the offsets, no robot begins to be silent.
    -- One that was silent before stays so: by more than the two minutes of a group, so that it is no part of the robots that the pause
    -- silenced. A pause is three times the usual interval (LAG_INTERVAL_MS), at least 30 s, of most partitions: one
    -- ingestor that restarts mutes nobody. Until the second sample, there was a pause.
    (
        SELECT arraySort(groupArray(o.pause))[intDiv(count(), 2) + 1]
        FROM
        (
            SELECT
                arraySort(groupUniqArray(p.sampled_at)) AS times,
                arrayMap((at, previous) -> dateDiff('second', previous, at), arrayPopFront(times), arrayPopBack(times)) AS gaps,
                -- its end and its beginning
                if(empty(gaps), (times[1], toDateTime64(0, 3, 'UTC')),
                    arrayFilter((pair, gap) -> gap > greatest(30, 3 * arrayReduce('median', gaps)), arrayZip(arrayPopFront(times), arrayPopBack(times)), gaps)[-1]) AS pause
            FROM warehouse.path_offsets AS p
            WHERE p.sampled_at > now64(3, 'UTC') - INTERVAL 30 MINUTE
            GROUP BY p.path, p.topic, p.partition
            HAVING max(p.sampled_at) > now64(3, 'UTC') - INTERVAL 1 MINUTE
        ) AS o
    ) AS last_pause
SELECT b.* EXCEPT (is_silent, score, explained), if(2 * b.explained >= b.best.3, b.score, 0) AS best_score
FROM
(
    SELECT
        e.robot_id AS robot_id,
        any(e.is_silent) AS is_silent,
        any(e.silence) AS silent_seconds,
        any(e.allowed) AS allowed_seconds,
        any(e.site) AS site,
        any(e.place) AS place,
        any(e.last_state) AS state,
        any(e.fleet_robots) AS fleet_robots,
        argMax(tuple(e.grouping.2, e.grouping.3, e.stopped, e.members, e.all_members, e.group_site), tuple(e.score, e.grouping.1)) AS best,
        max(e.score) AS score,
        count() OVER (PARTITION BY best) AS explained
    FROM
    (
        SELECT
            m.*,
            countIf(m.is_member) OVER (PARTITION BY m.grouping) AS stopped,
            countIf(m.is_member OR NOT m.has_stopped) OVER (PARTITION BY m.grouping) AS members,
            -- of all its robots, so that they stay the same while more of them fall silent or report again
            count() OVER (PARTITION BY m.grouping) AS all_members,
            minIf(m.site, m.site != '') OVER (PARTITION BY m.grouping) AS first_site,
            maxIf(m.site, m.site != '') OVER (PARTITION BY m.grouping) AS last_site,
            if(first_site = last_site, first_site, 'all') AS group_site,
            -- three robots and most of a group, a fifth of the fleet, or the whole fleet, however small
            if((stopped >= 3 AND stopped >= 0.6 * members)
                OR (m.grouping.2 = 'fleet' AND ((stopped >= 10 AND stopped >= 0.2 * members) OR stopped = members)),
                if(m.is_member, stopped * pow(stopped / members, 4), 0), 0) AS score
        FROM
        (
            SELECT
                g.*,
                quantileExactIf(0.5)(g.silence, g.has_stopped) OVER (PARTITION BY g.grouping) AS typical,
                g.has_stopped AND abs(g.silence - typical) <= 120 AS is_member
            FROM
            (
                SELECT
                    f.robot_id AS robot_id,
                    f.silent_seconds AS silence,
                    if(r.robot_id = '', 60, r.allowed_seconds) AS allowed,
                    silence > allowed / 2 AS has_stopped,
                    silence > allowed AS is_silent,
                    ifNull(f.site_id, '') AS site,
                    ifNull(f.map_id, '') AS map,
                    ifNull(f.zone_name, '') AS zone,
                    arrayStringConcat(arrayFilter(part -> part != '', [zone, map, site]), ', ') AS place,
                    ifNull(f.state, '') AS last_state,
                    count() OVER () AS fleet_robots,
                    min(f.silent_seconds) OVER () AS fleet_silence,
                    f.status = 'offline' AS is_offline,
                    -- rank at the same score, kind, name
                    arrayJoin(arrayFilter(each -> each.3 != '', [
                        (7, 'fleet', 'the fleet'),
                        (6, 'site', if(site = '', '', concat('site ', site))),
                        (5, 'floor', if(map = '', '', concat('floor ', map))),
                        (4, 'zone', if(zone = '', '', concat('zone ', zone, if(map = '', '', concat(' on ', map))))),
                        (3, 'model', if(ifNull(k.model, '') = '', '', concat('model ', assumeNotNull(k.model)))),
                        (2, 'firmware', if(ifNull(f.firmware, '') = '', '', concat('firmware ', assumeNotNull(f.firmware))))])) AS grouping
                FROM warehouse.v_fleet_now AS f
                LEFT JOIN warehouse.robot_rhythms AS r ON r.robot_id = f.robot_id
                LEFT JOIN (SELECT b.robot_id AS robot_id, toString(b.model) AS model FROM warehouse.robots AS b FINAL WHERE b.deleted = 0) AS k ON k.robot_id = f.robot_id
                WHERE ifNull(f.state, '') NOT IN ('offline', 'maintenance')
            ) AS g
            -- A robot that is silent for a day is offline. A fleet that is silent for a day stays an alert.
            WHERE NOT g.is_offline OR g.fleet_silence > 60
        ) AS m
    ) AS e
    WHERE e.has_stopped
    GROUP BY e.robot_id
) AS b
WHERE b.is_silent AND (last_pause.1 < now64(3, 'UTC') - INTERVAL 1 MINUTE
    OR b.silent_seconds - dateDiff('second', last_pause.2, now64(3, 'UTC')) > b.allowed_seconds + 120)
COMMENT 'Which robots are silent, and which group explains it? best: kind, name, stopped robots, those and the ones that report, all robots, site.';

CREATE OR REPLACE VIEW warehouse.v_alert_silent_groups{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    s.best.1 AS kind,
    s.best.2 AS name,
    if(kind IN ('fleet', 'site') OR max(s.best.5) >= 0.1 * max(s.fleet_robots), 'critical', 'warning') AS severity,
    any(s.best.6) AS site,
    toFloat64(max(s.best.3)) AS stopped_robots,
    toFloat64(max(s.best.4)) AS robots,
    round(100 * stopped_robots / robots) AS share_percent,
    min(s.silent_seconds) AS silent_seconds
FROM warehouse.silent_robots AS s
WHERE s.best_score > 0
GROUP BY kind, name
HAVING max(s.silent_seconds - s.allowed_seconds) > 20
COMMENT 'Which groups of robots (fleet, site, floor, zone, model, firmware) are silent? The smallest group that explains the silence.';

CREATE OR REPLACE VIEW warehouse.v_alert_dropoff{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT s.robot_id AS robot_id, s.site AS site, s.place AS place, toFloat64(round(s.silent_seconds)) AS silent_seconds
FROM warehouse.silent_robots AS s
-- as late as a group, so that robots which fall silent one after the other become a group first
WHERE s.best_score = 0 AND s.silent_seconds > s.allowed_seconds + 20
COMMENT 'Which single robots are silent? Empty for robots that a silent group explains.';

-- Slow: less than a fifth of the usual number of events, in the last two minutes that are over. What is usual is the lower quartile
-- of the robot's minutes in the same state in the last day, of at least ten minutes. A robot that always sends little is not slow.
CREATE OR REPLACE VIEW warehouse.v_alert_slow_robots{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    n.robot_id AS robot_id, ifNull(n.site_id, '') AS site,
    arrayStringConcat(arrayFilter(part -> part != '', [ifNull(n.map_id, ''), site]), ', ') AS place,
    toFloat64(round(100 * n.now_events / n.usual_events)) AS percent
FROM
(
    SELECT
        g.robot_id AS robot_id,
        g.site_id AS site_id,
        g.map_id AS map_id,
        g.minutes[1].2 AS is_moving,
        arrayFilter(each -> each.2 = is_moving, g.minutes) AS alike,
        -- two minutes in another state say nothing
        if(length(g.minutes) > 1 AND g.minutes[2].2 = is_moving, greatest(g.minutes[1].3, g.minutes[2].3), 0) AS now_events,
        arraySlice(alike.3, 3) AS before,
        if(length(before) < 10, 0, arrayReduce('quantileExact(0.25)', before)) AS usual_events
    FROM
    (
        SELECT
            m.robot_id AS robot_id,
            argMax(m.site_id, m.minute) AS site_id,
            argMax(m.map_id, m.minute) AS map_id,
            -- newest first: minute, does it move, events
            arrayReverseSort(groupArray((m.minute, m.seconds_working > 30, m.events))) AS minutes
        FROM warehouse.v_robot_minutes AS m
        WHERE m.minute >= now('UTC') - INTERVAL 1 DAY AND m.minute < toStartOfMinute(now('UTC') - INTERVAL 20 SECOND)
          -- Only robots that are slow compared with their last 15 minutes, or with an hour of the last day: few have their day read.
          AND m.robot_id IN
          (
              SELECT c.robot_id
              FROM
              (
                  SELECT
                      r.robot_id AS robot_id,
                      toStartOfMinute(now('UTC') - INTERVAL 20 SECOND) AS this_minute,
                      maxIf(r.events, r.minute >= this_minute - INTERVAL 2 MINUTE AND r.minute < this_minute) AS now_events,
                      max(r.events) AS most_events
                  FROM warehouse.v_robot_minutes AS r
                  WHERE r.minute >= now('UTC') - INTERVAL 15 MINUTE
                  GROUP BY r.robot_id
              ) AS c
              LEFT JOIN
              (
                  SELECT h.robot_id AS robot_id, max(h.events) / 60 AS most_events
                  FROM warehouse.v_robot_hours AS h
                  WHERE h.hour >= now('UTC') - INTERVAL 1 DAY
                  GROUP BY h.robot_id
              ) AS d ON d.robot_id = c.robot_id
              WHERE c.now_events > 0 AND 5 * c.now_events < greatest(c.most_events, d.most_events)
          )
        GROUP BY m.robot_id
    ) AS g
    WHERE g.minutes[1].1 >= now('UTC') - INTERVAL 3 MINUTE
) AS n
WHERE n.now_events > 0 AND 5 * n.now_events < n.usual_events
  AND n.robot_id IN (SELECT w.robot_id FROM warehouse.v_fleet_reports AS w WHERE w.status NOT IN ('silent', 'offline', 'maintenance', 'charging'))
COMMENT 'Which robots report, but send much less than usual?';

-- A minute is computed while it lasts and once more after its end. Its seconds and its tasks are complete only then. After an outage,
-- and while the roll-up is late, this minute is older: what is not computed yet is neither a robot that stopped nor a task that is missing.
CREATE OR REPLACE VIEW warehouse.newest_whole_minute{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT max(p.minute) AS minute
FROM warehouse.telemetry_minute AS p
WHERE p.is_progress = 1 AND p.minute >= now('UTC') - INTERVAL 1 HOUR AND p.computed_at >= p.minute + INTERVAL 75 SECOND
COMMENT 'Which is the newest minute of the last hour that v_robot_minutes has to its end? One row; 1970 if there is none.';

-- For how long has a robot stood while it works? Robots stand while they pick or load, so the median of a robot's own stands of three
-- minutes and more counts, if it had at least three of them in a day: twice as long is unusual, at least five minutes and at most half
-- an hour. A robot that has moved since the newest whole minute does not stand.
CREATE OR REPLACE VIEW warehouse.robot_stands{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH (SELECT w.minute FROM warehouse.newest_whole_minute AS w) AS newest_minute
SELECT
    d.robot_id AS robot_id,
    arraySort(groupArray(intDiv(toUnixTimestamp(d.minute), 60))) AS minutes,
    arraySplit((minute, follows) -> NOT follows, minutes,
        arrayMap((minute, previous) -> minute = previous + 1, minutes, arrayPushFront(arrayPopBack(minutes), 0))) AS stands,
    arrayMap(stand -> length(stand), stands) AS lengths,
    lengths[-1] AS standing_minutes,
    arrayFilter(stand_minutes -> stand_minutes >= 3, arrayPopBack(lengths)) AS earlier,
    if(length(earlier) < 3, 5, greatest(5, least(30, 2 * arrayReduce('quantileExactLow(0.5)', earlier)))) AS allowed_minutes
FROM warehouse.v_robot_minutes AS d
WHERE d.minute >= now('UTC') - INTERVAL 1 DAY AND d.minute <= newest_minute AND d.distance_metres < 0.2 AND d.seconds_working > 55
  -- few robots have their day read
  AND d.robot_id IN
  (
      SELECT r.robot_id
      FROM warehouse.v_robot_minutes AS r
      WHERE r.minute > newest_minute - INTERVAL 5 MINUTE AND r.minute <= newest_minute AND r.distance_metres < 0.2 AND r.seconds_working > 55
      GROUP BY r.robot_id
      HAVING count() = 5
  )
  AND d.robot_id NOT IN (SELECT n.robot_id FROM warehouse.v_robot_minutes AS n WHERE n.minute > newest_minute AND n.distance_metres >= 0.2)
GROUP BY d.robot_id
COMMENT 'Which robots have stood for five minutes or more while they work, and for how long is that usual?';

-- Since when does a robot report a low battery or a lost position, and is the delay of its events that of its clock? Read from the arrivals
-- of the last minutes, and only those of robots whose newest events say so.
--
-- A wrong clock delays all events alike. Events that a robot kept while it had no network arrive late too, but close together, and each
-- with another delay: so only a delay counts that stays the same (15 s more or less) over half a minute and three arrivals.
CREATE OR REPLACE VIEW warehouse.robot_conditions{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    c.robot_id AS robot_id,
    -- Arrivals since the last event that says otherwise, from the first one that says so. Events without the field change nothing: many
    -- robots send their battery when it changes. A gap of more than a minute, and than three usual ones, is a pause of the pipeline or the
    -- robot, in which nothing lasts.
    arrayMin(arrayFilter(at -> at > c.battery_fine_at, c.battery_low_at)) AS low_from,
    arraySort(arrayFilter(at -> at > c.battery_fine_at AND at >= low_from, c.arrivals.1)) AS low_arrivals,
    low_arrivals[1] AS low_battery_since, -- 1970: not
    arrayPopFront(arrayDifference(arrayMap(at -> toUnixTimestamp64Milli(at) / 1000, low_arrivals))) AS low_gaps,
    arraySum(gap -> if(gap <= greatest(60, 3 * arrayReduce('median', low_gaps)), gap, 0), low_gaps) AS low_stored_seconds,
    arrayMin(arrayFilter(at -> at > c.localized_at, c.lost_at)) AS lost_from,
    arraySort(arrayFilter(at -> at > c.localized_at AND at >= lost_from, c.arrivals.1)) AS lost_arrivals,
    lost_arrivals[1] AS lost_since,
    arrayPopFront(arrayDifference(arrayMap(at -> toUnixTimestamp64Milli(at) / 1000, lost_arrivals))) AS lost_gaps,
    arraySum(gap -> if(gap <= greatest(60, 3 * arrayReduce('median', lost_gaps)), gap, 0), lost_gaps) AS lost_stored_seconds,
    c.arrivals[1].2 AS delay_seconds,
    arrayFirstIndex(arrival -> abs(arrival.2 - delay_seconds) > 15, c.arrivals) AS first_other,
    if(first_other = 0, c.arrivals, arraySlice(c.arrivals, 1, first_other - 1)) AS alike,
    length(alike) >= 3 AND dateDiff('second', alike[-1].1, alike[1].1) >= 30 AS is_steady,
    arrayFilter(arrival -> arrival.1 > c.clock_fine_at, c.in_time) AS late_in_time,
    arrayMin(late_in_time.2) AS behind_seconds,
    arrayFilter(arrival -> arrival.2 <= behind_seconds + 15, late_in_time).1 AS behind_at,
    length(behind_at) >= 3 AND dateDiff('second', arrayMin(behind_at), arrayMax(behind_at)) >= 30 AS is_behind
FROM
(
    SELECT
        e.robot_id AS robot_id,
        maxIf(e.received_at, e.battery >= 10 OR e.state = 'charging') AS battery_fine_at,
        groupArrayIf(e.received_at, e.battery < 10) AS battery_low_at,
        maxIf(e.received_at, e.localized = 1) AS localized_at,
        groupArrayIf(e.received_at, e.localized = 0) AS lost_at,
        maxIf(e.received_at, e.late_seconds <= 60) AS clock_fine_at,
        groupUniqArrayIf((e.received_at, e.late_seconds), e.is_in_time) AS in_time,
        -- the newest first
        arrayReverseSort(groupUniqArray((e.received_at, e.late_seconds))) AS arrivals
    FROM
    (
        -- The last 20 minutes that were stored, not those of the clock: an outage ends no alert. An ingestor's clock may be ahead.
        -- Only a wrong clock is no longer known after an outage of 20 minutes, or if the path samples its offsets less than every 15 s.
        WITH (SELECT least(max(w.arrived_at), now64(3, 'UTC')) FROM warehouse.robot_latest AS w) AS newest_at
        SELECT
            r.robot_id AS robot_id, r.received_at AS received_at, r.battery AS battery, r.state AS state,
            dateDiff('millisecond', r.ts, r.received_at) / 1000 AS late_seconds,
            r.received_at <= p.in_time_at AS is_in_time,
            if(JSONType(r.meta, 'localized') = 'Bool', toUInt8(JSONExtractBool(r.meta, 'localized')), NULL) AS localized
        FROM warehouse.telemetry_raw AS r
        LEFT JOIN
        (
            SELECT s.topic AS topic, s.partition AS partition, max(s.in_time_at) AS in_time_at
            FROM
            (
                SELECT
                    toString(o.topic) AS topic, o.partition AS partition,
                    arraySort(groupUniqArray((o.sampled_at, o.end_offset, o.committed_offset))) AS samples,
                    arrayMax(arrayMap(
                        (sample, previous) -> if(sample.3 >= previous.2 AND dateDiff('second', previous.1, sample.1) <= 15, sample.1, toDateTime64(0, 3, 'UTC')),
                        samples, arrayPushFront(arrayPopBack(samples), samples[1]))) AS in_time_at
                FROM warehouse.path_offsets AS o
                WHERE o.sampled_at > now64(3, 'UTC') - INTERVAL 20 MINUTE
                GROUP BY o.path, topic, partition
            ) AS s
            GROUP BY s.topic, s.partition
        ) AS p ON p.topic = toString(r.topic) AND p.partition = r.partition
        WHERE r.received_at > newest_at - INTERVAL 20 MINUTE AND r.source IN ('ingestor', 'engine')
          AND r.robot_id IN
          (
              SELECT m.robot_id
              FROM
              (
                  SELECT
                      n.robot_id AS robot_id, n.battery AS battery, n.meta AS meta,
                      dateDiff('second', n.ts, greatest(n.arrived_at, a.arrived_at)) AS delay,
                      quantileExact(0.5)(delay) OVER () AS usual_delay
                  FROM
                  (
                      SELECT
                          l.robot_id AS robot_id, max(l.arrived_at) AS arrived_at, argMax(l.ts, l.version) AS ts, argMax(l.battery, l.version) AS battery,
                          argMaxIf(l.meta, l.version, l.x IS NOT NULL) AS meta
                      FROM warehouse.robot_latest AS l
                      GROUP BY l.robot_id
                  ) AS n
                  LEFT JOIN
                  (
                      SELECT a.robot_id AS robot_id, max(a.last_arrival) AS arrived_at
                      FROM warehouse.robot_arrivals AS a
                      WHERE a.bucket >= toStartOfTenMinutes(now('UTC') - INTERVAL 10 MINUTE)
                      GROUP BY a.robot_id
                  ) AS a ON a.robot_id = n.robot_id
                  WHERE greatest(n.arrived_at, a.arrived_at) > newest_at - INTERVAL 20 MINUTE
              ) AS m
              -- While all are late, the pipeline is: reading all robots would make it later.
              WHERE ifNull(m.battery, 100) < 10
                 OR m.delay <= -60 OR m.delay >= greatest(60, m.usual_delay + 45)
                 OR JSONType(m.meta, 'localized') = 'Bool' AND NOT JSONExtractBool(m.meta, 'localized')
          )
    ) AS e
    GROUP BY e.robot_id
) AS c
COMMENT 'Since when has a robot had a low battery or lost its position, and is its delay that of its clock? Only robots that can have one of these.';

-- Robots that report, but need a person. A silent robot is in v_alert_dropoff. The limits are above what a robot resolves by itself.
-- `place` is a label. A robot that still drives leaves its zone, so its place is its floor.
CREATE OR REPLACE VIEW warehouse.v_alert_robots{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    p.robot_id AS robot_id, p.site AS site,
    arrayStringConcat(arrayFilter(part -> part != '', [if(found.5, p.zone, ''), p.map, p.site]), ', ') AS place,
    found.1 AS problem, toFloat64(round(found.3)) AS amount, found.4 AS unit
FROM
(
    SELECT
        f.robot_id AS robot_id, ifNull(f.site_id, '') AS site, ifNull(f.map_id, '') AS map, ifNull(f.zone_name, '') AS zone,
        -- up to what is stored
        toFloat64(ifNull(f.state_seconds, 0) - greatest(0, f.age_seconds - f.silent_seconds)
            -- events that arrive late say nothing about the time after them
            - if(f.clock_wrong, 0, greatest(0, f.arrival_delay))) AS in_state,
        e.low_stored_seconds + f.silent_seconds AS low_battery_seconds,
        e.lost_stored_seconds + f.silent_seconds AS lost_seconds,
        -- What a partition lags is no delay of a clock.
        if(e.delay_seconds > 0, greatest(0, e.delay_seconds - f.lag_seconds), e.delay_seconds) AS steady_seconds,
        abs(f.delay_seconds) > 60 AND e.is_steady AND abs(steady_seconds) > 60
            AND (steady_seconds < 0 OR f.usual_delay_seconds < 15) AS is_clock_wrong,
        if(is_clock_wrong, steady_seconds, e.behind_seconds) AS clock_seconds,
        -- problem, whether the robot has it, amount, unit, whether the robot stands
        arrayJoin(arrayFilter(each -> each.2, [
            ('in error', f.status = 'error' AND in_state >= 180, in_state, 'seconds', true),
            ('blocked', f.status = 'blocked' AND in_state >= 180, in_state, 'seconds', true),
            ('low battery and not charging', f.status != 'charging' AND ifNull(f.battery, 100) < 10
                AND toUnixTimestamp(e.low_battery_since) > 0 AND ifNull(low_battery_seconds, 0) >= 30, toFloat64(ifNull(f.battery, 0)), 'percent', false),
            ('position lost', ifNull(f.localized, 1) = 0
                AND toUnixTimestamp(e.lost_since) > 0 AND ifNull(lost_seconds, 0) >= 180, toFloat64(ifNull(f.deviation_metres, 0)), 'metres of possible error', false),
            -- or was, before an outage that is caught up; a delay of all robots is the pipeline's
            ('clock wrong', is_clock_wrong OR (e.is_behind AND f.arrival_delay >= greatest(60, f.usual_arrival_delay + 45)), clock_seconds, 'seconds behind (negative: ahead)', false),
            ('working but not moving', f.status = 'working' AND m.robot_id != '' AND m.standing_minutes >= m.allowed_minutes, 60. * m.standing_minutes, 'seconds', true)])) AS found
    FROM
    (
        -- From the event time of the newest event to the last arrival: a clock that falls behind shows after a minute, and one that is set
        -- right at once. clock_offset_seconds, the smallest delay of half an hour, would need that long. While the whole pipeline is
        -- late, a delay says nothing about a clock.
        SELECT
            n.*,
            g.lag_seconds AS lag_seconds,
            toFloat64(ifNull(dateDiff('millisecond', n.ts, n.last_received_at), 0) / 1000) AS arrival_delay,
            if(arrival_delay > 0, greatest(0, arrival_delay - g.lag_seconds), arrival_delay) AS delay_seconds,
            quantileExact(0.5)(delay_seconds) OVER () AS usual_delay_seconds,
            quantileExact(0.5)(arrival_delay) OVER () AS usual_arrival_delay
        FROM warehouse.v_fleet_now AS n
        LEFT JOIN
        (
            SELECT r.robot_id AS robot_id, o.lag_seconds AS lag_seconds
            FROM
            (
                SELECT l.robot_id AS robot_id, argMax(tuple(toString(l.topic), l.partition), l.version) AS read_from
                FROM warehouse.robot_latest AS l
                GROUP BY l.robot_id
            ) AS r
            INNER JOIN
            (
                -- the path that is farther ahead delivers first
                SELECT tuple(toString(p.topic), p.partition) AS read_from, min(p.lag_seconds) AS lag_seconds
                FROM warehouse.v_path_offsets AS p
                WHERE p.sampled_at > now64(3, 'UTC') - INTERVAL 1 MINUTE
                GROUP BY read_from
            ) AS o ON o.read_from = r.read_from
        ) AS g ON g.robot_id = n.robot_id
    ) AS f
    LEFT JOIN warehouse.robot_stands AS m ON m.robot_id = f.robot_id
    LEFT JOIN warehouse.robot_conditions AS e ON e.robot_id = f.robot_id
    WHERE f.status NOT IN ('silent', 'offline', 'maintenance')
) AS p
COMMENT 'Which robots report, but need help, and why?';
