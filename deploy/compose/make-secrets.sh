#!/bin/sh
# Creates the passwords of this installation: one volume per secret, so that a service sees only the ones that it needs.
# A password is random unless the environment sets it. To change one: set its variable in .env, then `docker compose up`.
set -eu

secrets="${SECRETS_DIR:-/secrets}"

fail() {
  echo "make-secrets.sh: $1" >&2
  exit 78
}

# write FILE VALUE: an interrupted write must not leave a file that looks complete.
write() {
  printf %s "$2" >"$1.new"
  # The services run as different users. Each mounts only the volumes of its own secrets.
  chmod 444 "$1.new"
  mv -f "$1.new" "$1"
}

keep() { # keep NAME VALUE
  file="$secrets/$1/password"
  if [ -n "$2" ]; then
    case "$2" in
      *[![:space:]]*) ;;
      *) fail "the password of $1 consists of spaces. Set another one in .env, or none for a random one." ;;
    esac
    write "$file" "$2"
  elif [ ! -s "$file" ]; then
    random="$(tr -dc A-Za-z0-9 </dev/urandom | head -c 32)"
    [ "${#random}" -eq 32 ] || fail "/dev/urandom did not give 32 characters for $1."
    write "$file" "$random"
  fi
}

# ClickHouse needs only the hashes.
publish_hash() { # publish_hash NAME
  write "$secrets/clickhouse-hashes/$1" "$(sha256sum <"$secrets/clickhouse-$1/password" | cut -d ' ' -f 1)"
}

keep clickhouse-owner "${CLICKHOUSE_OWNER_PASSWORD:-}"
keep clickhouse-writer "${CLICKHOUSE_WRITER_PASSWORD:-}"
keep clickhouse-reader "${CLICKHOUSE_READER_PASSWORD:-}"
keep grafana-admin "${GRAFANA_ADMIN_PASSWORD:-}"
# Only docker-compose.secure.yml mounts these.
for name in kafka-ingestor kafka-engine kafka-fleet kafka-registry; do
  [ ! -d "$secrets/$name" ] || keep "$name" ''
done
publish_hash owner
publish_hash writer
publish_hash reader
