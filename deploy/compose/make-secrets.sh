#!/bin/sh
# Creates the passwords of this installation once: one file per secret in the volume /secrets, random unless the
# environment sets one. To change a password: docker compose down, remove the file, set the variable, docker compose up.
set -eu

keep() { # keep FILE VALUE
  file="/secrets/$1"
  if [ -n "$2" ]; then
    printf %s "$2" >"$file"
  elif [ ! -s "$file" ]; then
    tr -dc A-Za-z0-9 </dev/urandom | head -c 32 >"$file"
  fi
  # The services run as different users. Only they mount this volume.
  chmod 444 "$file"
}

keep clickhouse-owner "${CLICKHOUSE_OWNER_PASSWORD:-}"
keep clickhouse-writer "${CLICKHOUSE_WRITER_PASSWORD:-}"
keep clickhouse-reader "${CLICKHOUSE_READER_PASSWORD:-}"
keep grafana-admin "${GRAFANA_ADMIN_PASSWORD:-}"
