//! Live writers: nothing missing, stale or a ghost after an online run, and writers who wait where they were told so.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::chance::{Chance, number, say};
use super::{call, consolidation, state};
use crate::ground::legacy_with;
use crate::harness::{Database, Pgfold, cluster};

/// What an independent eye sees: each legacy row in the target as it is, and nothing else of its kind.
const CHECKER: &str = r#"
with legacy as (
  select 'DH_AGENT_' || code as key, name, description, version, coalesce(metadata->'mark', 'null') as mark from dh_agent
), arrived as (
  select unique_id as key, name, description, version, coalesce(metadata->'legacy'->'metadata'->'mark', 'null') as mark from agents
   where unique_id like 'DH\_AGENT\_%' and deleted_at is null
)
select 'missing ' || l.key from legacy l where not exists (select from arrived a where a.key = l.key)
union all
select 'stale ' || l.key from legacy l join arrived a using (key)
 where (l.name, l.description, l.version, l.mark) is distinct from (a.name, a.description, a.version, a.mark)
union all
select 'ghost ' || a.key from arrived a where not exists (select from legacy l where l.key = a.key)
order by 1 limit 20;
"#;

/// One of the application's writers: it goes on until the run has settled with it.
const WRITER: &str = r#"
create sequence writes;
create procedure writer(me int) language plpgsql as $$
declare
  n int := 0;
  it uuid;
  was dh_agent;
begin
  loop
    lock table dh_agent in row exclusive mode;
    exit when exists (select from pgfold.step where kind = 'settle' and state = 'done');
    n := n + 1;
    select id into it from dh_agent where hashtext(id::text) % 8 = me - 4 or random() < 0.1 order by random() limit 1 for update skip locked;
    case (random() * 5)::int
      when 0, 5 then
        insert into dh_agent (tenant_id, code, name, unique_id, agent_type, status, description, metadata)
        select tenant_id, format('W%s_%s', me, n), format('writer %s', me), format('W%s_%s', me, n), 'EXECUTOR', 'active', 'came', '{"mark": 1}'
          from dh_agent where id = it;
      when 1 then
        update dh_agent set name = name || '.', description = format('written by %s: %s', me, n), metadata = metadata || jsonb_build_object('mark', n) where id = it;
      when 2 then
        update dh_agent set code = code || 'X' where id = it;
      when 3 then
        delete from dh_agent where id = it;
      else
        delete from dh_agent where id = it returning * into was;
        if found then
          was.id := gen_random_uuid();
          was.description := format('back again by %s: %s', me, n);
          insert into dh_agent values (was.*);
        end if;
    end case;
    perform nextval('writes');
    commit;
    perform pg_sleep(0.004);
  end loop;
  commit;
end $$;
"#;

/// A psql that runs one statement.
fn psql(database: &Database, statement: &str) -> Child {
    let mut psql = cluster().programs().command("psql");
    psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d"]).arg(database.url()).args(["-c", statement]);
    psql.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

fn ended(child: Child) {
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "a writer failed: {}", String::from_utf8_lossy(&output.stderr));
}

fn many() -> Database {
    let database = legacy_with(3000);
    call(&database.url(), &["enhance", consolidation(), "--yes"]).expect(0);
    database
}

/// What the run says became of each legacy row.
const LINES: &str = "select concat_ws(' ', source, id, outcome, key, reason, winner) from pgfold.crosswalk
  where run = (select max(run) from pgfold.run where verb = 'migrate') order by 1";

#[test]
fn the_checker_finds_what_is_missing_stale_or_a_ghost() {
    let database = many();
    call(&database.url(), &["migrate", consolidation(), "--yes", "--quiet"]).expect(0);
    assert_eq!(database.psql(CHECKER), "");
    database.psql(
        "create temp table a_few as select unique_id, row_number() over (order by unique_id) as n from agents where unique_id like 'DH\\_AGENT\\_%';
         delete from agents where unique_id = (select unique_id from a_few where n = 1);
         update agents set description = 'as it was' where unique_id = (select unique_id from a_few where n = 2);
         delete from dh_agent where 'DH_AGENT_' || code = (select unique_id from a_few where n = 3);",
    );
    let found = database.psql(CHECKER);
    let kinds: Vec<&str> = found.lines().map(|l| l.split(' ').next().unwrap()).collect();
    assert_eq!(kinds, ["ghost", "missing", "stale"], "{found}");
}

/// What its enhancements made is there, a ledger that knows them is not.
fn mark_all(database: &Database) {
    let mut arguments = vec!["enhance".to_owned(), consolidation().to_owned(), "--yes".to_owned()];
    for entry in std::fs::read_dir(consolidation()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if let Some(file) = name.strip_suffix(".up.sql") {
            arguments.extend(["--mark-applied".to_owned(), file.to_owned()]);
        }
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    call(&database.url(), &arguments).expect(0);
}

fn with_writers(rounds: u64) {
    let mut chance = Chance::new("writers");
    for round in 0..rounds {
        let database = many();
        let before = database.psql("select to_jsonb(a) - 'updated_at' from agents a order by id");
        database.psql(WRITER);
        database.psql(&format!("select setseed({})", chance.below(1000) as f64 / 1000.0));
        let writers: Vec<Child> = (0..8).map(|me| psql(&database, &format!("call writer({me})"))).collect();
        database.until("select last_value >= 20 from writes");
        let arguments =
            ["migrate", consolidation(), "--yes", "--online", "--batch-rows", "60", "--batch-delay", "10ms"];
        let run = Pgfold::new(&database).args(arguments).run().expect(0);
        writers.into_iter().for_each(ended);
        let notice = run.stderr.lines().find(|l| l.contains("while the run read them")).unwrap_or_default().to_owned();
        let writes: u64 = database.value("select last_value from writes").parse().unwrap();
        say(&format!("round {round}: {writes} writes; {notice}"));
        assert!(writes > 100, "only {writes} writes");
        assert_eq!(database.psql(CHECKER), "", "{}", run.stderr);
        // the same rows without writers
        let still = database.cloned();
        still.psql(
            "delete from agents a using pgfold.crosswalk x where x.outcome = 'inserted' and x.target_id = a.id::text;
             drop schema pgfold cascade",
        );
        mark_all(&still);
        call(&still.url(), &["migrate", consolidation(), "--yes", "--quiet"]).expect(0);
        assert_eq!(state::difference(&database.psql(state::TARGET), &still.psql(state::TARGET)), "");
        assert_eq!(state::difference(&database.psql(LINES), &still.psql(LINES)), "");
        assert_eq!(database.psql(state::ONCE), "");
        let proved = call(&database.url(), &["validate", consolidation()]);
        let first = proved.stdout.lines().find(|l| l.contains("no data loss")).unwrap_or_default();
        assert!(first.contains("passed"), "{}", proved.stdout);
        let back = ["rollback", consolidation(), "--run", "2", "--level", "purge", "--execute", "--yes"];
        call(&database.url(), &back).expect(0);
        assert_eq!(database.psql("select to_jsonb(a) - 'updated_at' from agents a order by id"), before);
    }
}

#[test]
fn eight_writers_lose_nothing_to_an_online_run() {
    with_writers(1);
}

#[test]
#[ignore = "long: ten rounds of eight writers"]
fn eight_writers_lose_nothing_to_ten_online_runs() {
    with_writers(number("PGFOLD_FAULT_POINTS").unwrap_or(10));
}

#[test]
fn without_online_writers_wait_and_readers_do_not() {
    let database = many();
    let arguments = ["migrate", consolidation(), "--yes", "--batch-rows", "100", "--batch-delay", "60ms"];
    let started = Pgfold::new(&database).args(arguments).start();
    let moving = "select count(*) from pgfold.batch where committed_at is not null";
    database.until(moving);
    let began = Instant::now();
    assert_ne!(database.value("select count(*) from dh_agent"), "0");
    assert!(began.elapsed() < Duration::from_millis(900), "a reader waited {:?}", began.elapsed());
    let refused = database.try_psql("set lock_timeout = '50ms'; update dh_agent set name = name || '!'").unwrap_err();
    assert!(refused.contains("lock timeout"), "{refused}");
    let run = started.wait().expect(0);
    assert!(run.stderr.contains("locked against writing, not reading"), "{}", run.stderr);
    database.psql("set lock_timeout = '50ms'; update dh_agent set name = name || '!' where false");
}

#[test]
fn an_online_run_without_the_right_to_lock_is_refused_with_the_grant() {
    let database = many();
    let role = format!("reader_of_{}", database.name());
    database.psql(&format!(
        "create role {role} login; grant postgres to {role}; alter table dh_agent owner to pg_database_owner;"
    ));
    let me = database.value("select current_user");
    database.psql(&format!(
        "revoke all on dh_agent from public; create role {role}_owner; alter table dh_agent owner to {role}_owner;
         grant select on dh_agent to {role}; alter role {role} noinherit; revoke {me} from {role};
         create role {role}_target; grant {role}_target to {role}; alter role {role} inherit;
         alter table agents owner to {role}_target; grant create on schema public to {role}_target;
         grant select on all tables in schema public to {role}; grant all on schema pgfold to {role};
         grant all on all tables in schema pgfold to {role}; grant all on all sequences in schema pgfold to {role};
         grant references, insert, update, delete on agent_industry_mapping, agent_persona_mapping to {role};
         alter role {role} bypassrls;"
    ));
    // the ledger is its own
    database.psql(&format!(
        "do $$ declare r record; begin
           for r in select c.oid::regclass as t from pg_class c where c.relnamespace = 'pgfold'::regnamespace and c.relkind in ('r', 'p') loop
             execute format('alter table %s owner to {role}_target', r.t);
           end loop; end $$;
         alter schema pgfold owner to {role}_target"
    ));
    let url = database.url().replace("postgres://postgres@", &format!("postgres://{role}@"));
    let url = url.replace("user=postgres", &format!("user={role}"));
    let refused = call(&url, &["migrate", consolidation(), "--yes", "--online"]);
    assert_eq!(refused.code, 4, "{}", refused.stderr);
    assert!(
        refused.stderr.contains(&format!("grant update on \"public\".\"dh_agent\" to \"{role}\"")),
        "{}",
        refused.stderr
    );
    database.psql(&format!(
        "alter table dh_agent owner to {me}; alter table agents owner to {me}; drop schema pgfold cascade; drop owned by {role}; drop owned by {role}_target; drop owned by {role}_owner"
    ));
}

#[test]
fn a_killed_online_run_is_resumed_and_settles() {
    let database = many();
    database.psql(WRITER);
    let writers: Vec<Child> = (0..4).map(|me| psql(&database, &format!("call writer({me})"))).collect();
    let arguments = ["migrate", consolidation(), "--yes", "--online", "--batch-rows", "100", "--batch-delay", "30ms"];
    let started = Pgfold::new(&database).args(arguments).start();
    database.until("select count(*) >= 8 from pgfold.batch where committed_at is not null");
    started.kill();
    call(&database.url(), &["resume", consolidation(), "--yes"]).expect(0);
    writers.into_iter().for_each(ended);
    assert_eq!(database.psql(CHECKER), "");
    assert_eq!(database.psql(state::ONCE), "");
}
