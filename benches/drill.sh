#!/bin/sh
# The timed drill: from a failed `validate` back to a proven earlier state, by rollback and by verified restore,
# and a rows-level rollback beside the plain update of the same rows. `benches/drill.sh [ROWS]`, 1,000,000 unless told.
#
# It starts a PostgreSQL of its own with default durability, in DRILL_DIR or a folder under /tmp, and removes both.
# PGFOLD names the program (target/release/pgfold), PGBIN the server's programs. Exit 1 when a bound is missed.
set -eu

rows=${1:-1000000}
here=$(cd "$(dirname "$0")/.." && pwd)
pgfold=${PGFOLD:-$here/target/release/pgfold}
bin=${PGBIN:-$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)}
[ -x "$pgfold" ] || { echo "no program at $pgfold: cargo build --release --locked" >&2; exit 64; }
[ -x "$bin/initdb" ] || { echo "no initdb in $bin: set PGBIN" >&2; exit 64; }

dir=$(mktemp -d "${DRILL_DIR:-/tmp}/pgfold-drill.XXXXXX")
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then
  chown postgres "$dir"
  as() { setpriv --reuid postgres --regid postgres --clear-groups "$@"; }
fi
cd "$dir"
trap 'as "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1; rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
as "$bin/initdb" -D "$dir/data" -U postgres -A trust --locale=C.UTF-8 -E UTF8 >/dev/null
as "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -o "-k $dir -c listen_addresses= -c max_wal_size=8GB" start >/dev/null
PATH="$bin:$PATH"
export PATH PGHOST="$dir" PGUSER=postgres PGDATABASE=drill
mkdir work && cd work

sql() { psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }
now() { date +%s.%N; }
since() { reckon "$(now) - $1"; }
reckon() { awk "BEGIN { printf \"%.3f\", $1 }"; }
# what the plan cache, the checkpointer and autovacuum do in between is nobody's fault
settle() { sql -c "vacuum analyze" -c "checkpoint" >/dev/null; }
# the schema, and every row sorted in the C collation with every sequence, each as one hash
shape() { pg_dump --schema-only --exclude-schema=pgfold | grep -v '^\\\(un\)\?restrict ' | sha256sum | cut -d' ' -f1; }
content() {
  {
    sql -c "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = 'public' order by 1" |
      while read -r table; do
        echo "$table"
        sql -c "copy (select t::text from $table t order by t::text collate \"C\") to stdout"
      done
    sql -c "select sequencename, last_value from pg_sequences where schemaname = 'public' order by 1"
  } | sha256sum | cut -d' ' -f1
}
state() { echo "$(shape) $(content)"; }
# a database goes and comes back under the same name: a rollback script looks at the name
keep() { sql -d postgres -c "alter database drill rename to kept" -c "create database drill template kept strategy file_copy"; }
again() { sql -d postgres -c "drop database drill" -c "create database drill template kept strategy file_copy"; settle; }
failed=0
bound() {
  if [ "$(reckon "$2 <= $3")" = 1.000 ]; then verdict=ok; else verdict='NOT MET'; failed=1; fi
  printf '%-66s %9.1f s  (bound %s s)  %s\n' "$1" "$2" "$3" "$verdict"
}
# the damage, and not only a query that is slower with so many more rows
must_fail() {
  if "$pgfold" validate ./agents >said 2>&1; then echo "the checks passed" >&2; exit 1; fi
  grep -q '^1 no data loss *FAILED' said || { echo "the damage was not seen" >&2; exit 1; }
}

# the bundled consolidation, told to expect as many rows as there are
cp -r "$here/sql/agents" agents
sed -i 's/^\(arrived *=\).*/\1 { dh_agent = [1, 100000000], ai_agents = [1, 100000000] }/' agents/consolidation.toml
createdb drill
sql -f "$here/sql/demo/legacy_schema.sql" -f "$here/sql/demo/legacy_rows.sql" >/dev/null
{ echo "set demo.rows = $rows;"; cat "$here/sql/demo/many.sql"; } | sql >/dev/null
sql -c 'vacuum analyze' -c checkpoint
before=$(state)
# a server that reads its own dump writes some check constraints in other words, so a restored schema is held against that
createdb reread && pg_dump --schema-only | psql -X -q -d reread >/dev/null
reread="$(PGDATABASE=reread; export PGDATABASE; shape) ${before#* }"
dropdb reread
echo "$rows legacy rows and those of the demo; $(nproc) cores, $(psql --version), default durability"

t=$(now); "$pgfold" backup >said; printf '%-66s %9.1f s\n' 'backup, read back' "$(since "$t")"
backup=$(ls -d pgfold-backups/*)
t=$(now); code=0; "$pgfold" apply ./agents -y -q >said 2>&1 || code=$?
# check 7 may well say that the application's queries are slower with a million rows more
[ "$code" = 0 ] || [ "$code" = 5 ] || { cat said; exit 1; }
printf '%-66s %9.1f s\n' 'apply with the seven checks' "$(since "$t")"
moved=$(sql -c "select count(*) from pgfold.crosswalk where outcome = 'inserted'")
settle
keep

echo
echo "damage: the names of 1,000 migrated rows are emptied; validate fails; then back to the state before the run"
damage="update agents set name = '' where id in (select target_id::uuid from pgfold.crosswalk where outcome = 'inserted' order by id limit 1000)"
sql -c "$damage"; settle; must_fail
grep -h 'severity' said || true
t=$(now)
"$pgfold" rollback ./agents --execute --level schema --discard-edits -y >said
took=$(since "$t")
[ "$(state)" = "$before" ] || { echo "the state is NOT as before" >&2; exit 1; }
proven=$(since "$t")
printf '%-66s %9.1f s\n' 'rollback --level schema' "$took"
bound 'rollback and proof: dump, rows and sequences hash as before' "$proven" 300

again
sql -c "$damage"; settle; must_fail
t=$(now)
"$pgfold" restore "$backup" --into earlier >said
took=$(since "$t")
[ "$(PGDATABASE=earlier; export PGDATABASE; state)" = "$reread" ] || { echo "the restored state is NOT as before" >&2; exit 1; }
proven=$(since "$t")
printf '%-66s %9.1f s\n' 'restore --into: read back, loaded, counted' "$took"
bound 'restore and proof: dump, rows and sequences hash as before' "$proven" 1800
dropdb earlier

echo
echo "a rows-level rollback of $moved migrated rows beside the plain update of those rows"
again
t=$(now)
sql -c "begin; alter table agents disable trigger user;
  update agents a set deleted_at = now(), is_active = false from pgfold.crosswalk x
   where x.run = 1 and x.outcome = 'inserted' and a.id = x.target_id::uuid;
  alter table agents enable trigger user; commit"
plain=$(since "$t")
again
t=$(now)
psql -X -q -v ON_ERROR_STOP=1 -f pgfold-runs/1/rollback.sql >said
rolled=$(since "$t")
[ "$(sql -c "select count(*) from agents a join pgfold.crosswalk x on x.target_id::uuid = a.id where x.outcome = 'inserted' and a.deleted_at is null")" = 0 ]
[ "$(sql -c "select (select count(*) from agent_industry_mapping) + (select count(*) from agent_persona_mapping)
                      - (select count(*) from agent_industry_mapping m join pgfold.existing_row e on e.id = m.agent_id::text)
                      - (select count(*) from agent_persona_mapping m join pgfold.existing_row e on e.id = m.agent_id::text)")" = 0 ]
printf '%-66s %9.1f s\n' 'plain update, triggers off' "$plain"
printf '%-66s %9.1f s  %5.2f of plain\n' 'rollback.sql under psql, mappings and all checks with it' "$rolled" "$(reckon "$rolled / $plain")"
if [ "$rows" -ge 1000000 ]; then
  bound 'no more than 1.5 times the plain update' "$rolled" "$(reckon "$plain * 1.5")"
else
  bound 'under 30 s' "$rolled" 30
fi
exit "$failed"
