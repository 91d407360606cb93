#!/bin/sh
# with-secrets.sh NAME=file ... -- command: runs the command with each NAME set to the content of /secrets/file,
# for programs that read passwords only from the environment. NAME_SHA256 is set to the SHA-256 of the content in hex.
set -eu

while [ "$1" != -- ]; do
  name="${1%%=*}"
  value="$(cat "/secrets/${1#*=}")"
  case "$name" in
    *_SHA256) value="$(printf %s "$value" | sha256sum | cut -d ' ' -f 1)" ;;
  esac
  export "$name=$value"
  shift
done
shift
exec "$@"
