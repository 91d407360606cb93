#!/bin/sh
# Starts Grafana with the admin's password from /secrets/grafana-admin/password. Grafana stores this password in its database at
# its first start and ignores the setting from then on, so a password that changed since is written to the database here.
# A password that somebody sets in Grafana stays until the secret changes.
set -eu

fail() {
  echo "grafana.sh: $1" >&2
  exit 78
}

secret="${SECRETS_DIR:-/secrets}/grafana-admin/password"
[ -s "$secret" ] || fail "$secret is missing or empty. Check that make-secrets.sh has run."

# What was applied last, as "salt hash", so that the volume does not hold the password.
applied="${GF_PATHS_DATA:?}/admin-password.applied"
salted_hash() { # salted_hash SALT
  { echo "$1"; cat "$secret"; } | sha256sum | cut -d ' ' -f 1
}
salt=''
hash=''
if [ -f "$applied" ]; then read -r salt hash <"$applied" || true; fi

if [ -z "$salt" ] || [ "$(salted_hash "$salt")" != "$hash" ]; then
  if [ -f "$GF_PATHS_DATA/grafana.db" ]; then
    grafana cli --homepath "${GF_PATHS_HOME:?}" admin reset-admin-password --password-from-stdin <"$secret"
  fi
  salt="$(head -c 16 /dev/urandom | sha256sum | cut -c 1-16)"
  (
    umask 077
    echo "$salt $(salted_hash "$salt")" >"$applied"
  )
fi

GF_SECURITY_ADMIN_PASSWORD="$(cat "$secret")"
export GF_SECURITY_ADMIN_PASSWORD
exec "$@"
