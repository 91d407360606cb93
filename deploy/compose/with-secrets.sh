#!/bin/sh
# with-secrets.sh NAME=path ... -- command: runs the command with each NAME set to the content of /secrets/path, for programs
# that read passwords only from the environment. A secret that is missing or empty stops it, because a server that starts with
# an empty password lets everybody in.
set -eu

fail() {
  echo "with-secrets.sh: $1" >&2
  exit 78
}

while [ "$#" -gt 0 ] && [ "$1" != -- ]; do
  file="${SECRETS_DIR:-/secrets}/${1#*=}"
  [ -f "$file" ] || fail "$file does not exist. Check that the service mounts its volume and that make-secrets.sh has run."
  [ -r "$file" ] || fail "$file cannot be read by user $(id -u). make-secrets.sh sets its mode to 444."
  value="$(cat "$file")"
  case "$value" in
    *[![:space:]]*) ;;
    *) fail "$file is empty. Delete it; make-secrets.sh creates it again at the next start." ;;
  esac
  export "${1%%=*}=$value"
  shift
done
[ "$#" -gt 1 ] || fail "there is no command. Usage: with-secrets.sh NAME=path ... -- command"
shift
exec "$@"
