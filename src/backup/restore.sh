#!/bin/sh
# Restores this backup into a new database. The server is named by PGHOST, PGPORT, PGUSER and PGPASSWORD.
set -eu
if [ "$#" -ne 1 ]; then
  echo "usage: $0 NEW_DATABASE" >&2
  exit 64
fi
cd "$(dirname "$0")"
want=$(sed -n 's/^ *"sha256": "\([0-9a-f]*\)".*/\1/p' backup.json)
have=$(sha256sum database.dump | cut -d' ' -f1)
if [ "$want" != "$have" ]; then
  echo "database.dump is not the file that backup.json describes; nothing was restored" >&2
  exit 4
fi
createdb --template=template0 -- "$1"
# a half-made database helps nobody, and its name would be taken
trap 'dropdb --if-exists -- "$1"; echo "nothing was restored; $1 is dropped again" >&2; exit 1' EXIT
trap 'exit 1' INT TERM HUP
pg_restore --exit-on-error --single-transaction --dbname="$1" database.dump
trap - EXIT
echo "restored into $1"
