#!/bin/sh
# Creates the certificates of docker-compose.secure.yml: an authority of this installation, and one server certificate each for
# Kafka and ClickHouse. It runs at each `docker compose up`, keeps what is valid, and renews what expires within 30 days, what
# another authority signed and what does not belong to its key. Clients trust tls-authority/ca.crt. Nobody but this script reads
# the key of the authority.
#
# A private key belongs to root and to the group of the one service that reads it. A key that others can read may be known to
# them, so it is refused and not only given another mode.
set -eu
umask 077

secrets="${SECRETS_DIR:-/secrets}"
authority_key="$secrets/tls-authority-key/ca.key"
authority="$secrets/tls-authority/ca.crt"
authority_days=3650
server_days=397
renew_seconds=$((30 * 24 * 3600))

fail() {
  echo "make-certificates.sh: $1" >&2
  exit 78
}

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# Everything is named here, because openssl.cnf of the system differs between images.
configure() { # configure COMMON_NAME SUBJECT_ALTERNATIVE_NAMES
  cat >"$work/openssl.cnf" <<CONFIGURATION
[req]
distinguished_name = subject
prompt = no
[subject]
O = Floorwatch
CN = $1
[authority]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = $2
CONFIGURATION
}

# Kafka reads only PKCS #8, which this writes.
new_key() { # new_key FILE
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"
}

refuse_if_readable() { # refuse_if_readable FILE PERMISSION...
  checked="$1"
  shift
  for permission in "$@"; do
    [ -z "$(find "$checked" -perm "-$permission")" ] || fail "$checked is open to others than the service that needs it (permission \
$permission). Somebody may have copied it: delete it and start again, which makes a new one."
  done
}

belongs_to() { # belongs_to CERTIFICATE KEY
  [ "$(openssl x509 -noout -pubkey -in "$1" 2>/dev/null || echo none)" = "$(openssl pkey -pubout -in "$2" 2>/dev/null || true)" ]
}

stays_valid() { # stays_valid CERTIFICATE
  openssl x509 -noout -checkend "$renew_seconds" -in "$1" >/dev/null 2>&1
}

say_renewed() { # say_renewed NAME CERTIFICATE
  echo "make-certificates.sh: new certificate of $1, valid until $(openssl x509 -noout -enddate -in "$2" | cut -d = -f 2)."
}

keep_authority() {
  [ ! -f "$authority_key" ] || refuse_if_readable "$authority_key" 040 020 004 002
  if [ -f "$authority_key" ] && [ -f "$authority" ] && stays_valid "$authority" && belongs_to "$authority" "$authority_key"; then
    return
  fi
  configure 'Floorwatch authority' DNS:localhost
  new_key "$work/ca.key"
  openssl req -new -x509 -config "$work/openssl.cnf" -extensions authority -key "$work/ca.key" -days "$authority_days" \
    -out "$work/ca.crt"
  chmod 400 "$work/ca.key"
  chmod 444 "$work/ca.crt"
  # In this order: after an interruption, the certificate does not belong to the key, and the next run makes both again.
  mv -f "$work/ca.key" "$authority_key"
  mv -f "$work/ca.crt" "$authority"
  say_renewed 'the authority' "$authority"
}

is_good() { # is_good CERTIFICATE KEY HOST...
  checked="$1"
  [ -f "$checked" ] && [ -f "$2" ] && stays_valid "$checked" && belongs_to "$checked" "$2" || return 1
  shift 2
  for host in "$@"; do
    openssl verify -purpose sslserver -CAfile "$authority" -verify_hostname "$host" "$checked" >/dev/null 2>&1 || return 1
  done
}

keep_server() { # keep_server SERVICE GROUP
  key="$secrets/tls-$1/server.key"
  certificate="$secrets/tls-$1/server.crt"
  # What Kafka reads: the key and the certificate in one file.
  both="$secrets/tls-$1/server.pem"
  for file in "$key" "$both"; do
    [ ! -f "$file" ] || refuse_if_readable "$file" 020 004 002
  done
  if is_good "$certificate" "$key" "$1" localhost && cat "$key" "$certificate" | cmp -s - "$both"; then return; fi
  configure "$1" "DNS:$1, DNS:localhost, IP:127.0.0.1, IP:::1"
  new_key "$work/server.key"
  openssl req -new -config "$work/openssl.cnf" -key "$work/server.key" -out "$work/server.csr"
  openssl x509 -req -in "$work/server.csr" -CA "$authority" -CAkey "$authority_key" -days "$server_days" \
    -extfile "$work/openssl.cnf" -extensions server -out "$work/server.crt" 2>/dev/null
  cat "$work/server.key" "$work/server.crt" >"$work/server.pem"
  chgrp "$2" "$work/server.key" "$work/server.pem"
  chmod 440 "$work/server.key" "$work/server.pem"
  chmod 444 "$work/server.crt"
  mv -f "$work/server.pem" "$both"
  mv -f "$work/server.key" "$key"
  mv -f "$work/server.crt" "$certificate"
  say_renewed "$1" "$certificate"
}

keep_authority
# The groups of the images' own users.
keep_server kafka "${KAFKA_GROUP:-1000}"
keep_server clickhouse "${CLICKHOUSE_GROUP:-101}"
