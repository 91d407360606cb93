#!/bin/sh
# compose-verify.sh [ROBOTS]: waits until Grafana shows this number of robots to a visitor without a login, through its ClickHouse
# data source, and exits with 1 after 2 minutes. So Kafka, the ingestor, ClickHouse, its reader and Grafana work together.
# Environment: GRAFANA_URL (default http://127.0.0.1:3000), and GRAFANA_LOGIN (user:password) for a Grafana that requires a login.
set -eu

robots="${1:-50}"
grafana="${GRAFANA_URL:-http://127.0.0.1:3000}"
query='{"from":"now-5m","to":"now","queries":[{"refId":"A","datasource":{"uid":"floorwatch-clickhouse"},"editorType":"sql","format":1,"queryType":"table","rawSql":"SELECT count() AS robots FROM warehouse.v_fleet_now WHERE age_seconds < 60"}]}'

seen=none
tries=0
while [ "$tries" -lt 60 ]; do
  answer="$(curl --silent --max-time 10 ${GRAFANA_LOGIN:+--user "$GRAFANA_LOGIN"} -H 'Content-Type: application/json' --data "$query" "$grafana/api/ds/query" || true)"
  seen="$(printf %s "$answer" | sed -n 's/.*"values":\[\[\([0-9]*\)\]\].*/\1/p')"
  if [ "${seen:-0}" -ge "$robots" ]; then
    echo "Grafana shows $seen robots."
    exit 0
  fi
  tries=$((tries + 1))
  sleep 2
done
echo "compose-verify.sh: Grafana shows ${seen:-no} robots instead of $robots. Its last answer: $answer" >&2
exit 1
