#!/bin/sh
# with-secrets.sh NAME=file ... -- command: runs the command with each NAME set to the content of /secrets/file,
# for programs that read passwords only from the environment.
set -eu

while [ "$1" != -- ]; do
  export "${1%%=*}=$(cat "/secrets/${1#*=}")"
  shift
done
shift
exec "$@"
