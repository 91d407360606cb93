#!/bin/sh
# Gives this installation its own passwords, once: one file a secret in the volume /secrets, random unless the
# environment names one. Changing a password later: docker compose down, remove the file, set the variable, up.
set -eu

keep() { # keep FILE VALUE
  file="/secrets/$1"
  if [ -n "$2" ]; then
    printf %s "$2" >"$file"
  elif [ ! -s "$file" ]; then
    tr -dc A-Za-z0-9 </dev/urandom | head -c 32 >"$file"
  fi
  # The services run as users of their own; only they have this volume.
  chmod 444 "$file"
}

keep clickhouse-owner "${CLICKHOUSE_OWNER_PASSWORD:-}"
keep clickhouse-writer "${CLICKHOUSE_WRITER_PASSWORD:-}"
keep clickhouse-reader "${CLICKHOUSE_READER_PASSWORD:-}"
keep grafana-admin "${GRAFANA_ADMIN_PASSWORD:-}"
