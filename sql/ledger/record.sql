-- what makes the ledger a record: who, why and on whose word, the checks' results, timings, messages, health, the chain
do $pgfold$
begin
  -- an `alter table` that changes nothing would still wait for whoever writes
  if not exists (select from pg_attribute where attrelid = 'pgfold.run'::regclass and attname = 'dictionary' and not attisdropped) then
    alter table pgfold.run
      add column if not exists reference text,
      add column if not exists operator text,
      add column if not exists approval text,
      add column if not exists estimated_rows bigint,
      add column if not exists estimated_ms double precision,
      add column if not exists dictionary jsonb;
  end if;
end
$pgfold$;

create table if not exists pgfold.check_result (
  run bigint not null,
  number int not null,
  title text not null,
  verdict text not null,
  examined text not null,
  failing bigint not null,
  failures jsonb not null,
  apart jsonb not null,
  hint text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (run, number)
);

create table if not exists pgfold.timing (
  run bigint not null,
  part text not null,
  ms double precision not null,
  primary key (run, part)
);

create table if not exists pgfold.message (
  run bigint not null,
  number int not null,
  type text not null,
  at timestamptz not null,
  delivered boolean not null,
  tries int not null,
  error text,
  primary key (run, number)
);

create table if not exists pgfold.schema_image (
  run bigint not null,
  object text not null,
  belongs_to text,
  definition text not null,
  primary key (run, object)
);

create table if not exists pgfold.query_proved (
  run bigint not null,
  query text not null,
  role text not null default '',
  rows bigint,
  median_ms double precision,
  error text,
  primary key (run, query, role)
);

create table if not exists pgfold.health (
  id bigint generated always as identity primary key,
  consolidation text not null,
  run bigint,
  at timestamptz not null default clock_timestamp(),
  healthy boolean not null,
  signature text not null,
  findings jsonb not null,
  notified boolean not null default false
);

create table if not exists pgfold.audit (
  consolidation text not null,
  seq bigint not null,
  at timestamptz not null,
  run bigint,
  who text not null,
  client text not null,
  event text not null,
  detail text not null,
  previous text not null,
  digest text not null,
  primary key (consolidation, seq)
);

create or replace function pgfold.audit_digest(a pgfold.audit) returns text
language sql stable set search_path = pg_catalog, pg_temp as $pgfold$
  select encode(sha256(convert_to(string_agg(
           case when f is null then '-' else octet_length(convert_to(f, 'UTF8')) || ':' || f end, '' order by n), 'UTF8')), 'hex')
    from unnest(array[a.previous, a.consolidation, a.seq::text,
           to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           a.run::text, a.who, a.client, a.event, a.detail]) with ordinality as x(f, n)
$pgfold$;

create or replace function pgfold.audit_append() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $pgfold$
declare
  last record;
begin
  perform pg_advisory_xact_lock(7160532, hashtext(new.consolidation));
  select a.seq, a.digest into last from pgfold.audit a where a.consolidation = new.consolidation order by a.seq desc limit 1;
  new.seq := coalesce(last.seq, 0) + 1;
  new.previous := coalesce(last.digest, repeat('0', 64));
  new.at := clock_timestamp();
  new.who := session_user;
  new.client := coalesce(host(inet_client_addr()), 'local');
  new.digest := pgfold.audit_digest(new);
  return new;
end
$pgfold$;

create or replace function pgfold.audit_refuse() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $pgfold$
begin
  raise exception 'the audit chain is append-only' using errcode = '42501',
    hint = 'nothing changes or removes its rows; `pgfold status --verify-audit` finds who did';
end
$pgfold$;

create or replace function pgfold.audit_run() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $pgfold$
begin
  if tg_op = 'INSERT' then
    insert into pgfold.audit (consolidation, run, event, detail)
    values (new.consolidation, new.run, 'run ' || new.state, jsonb_build_object('verb', new.verb, 'plan_digest', new.plan_digest,
      'plan_sha256', encode(sha256(convert_to(new.plan::text, 'UTF8')), 'hex'), 'tool_version', new.tool_version, 'database', new.database, 'system_identifier', new.system_identifier)::text);
    return null;
  end if;
  if old.approval is distinct from new.approval then
    insert into pgfold.audit (consolidation, run, event, detail)
    values (new.consolidation, new.run, 'run approved', jsonb_build_object('approval', new.approval, 'operator', new.operator,
      'reference', new.reference, 'plan_digest', new.plan_digest)::text);
  end if;
  if old.state is distinct from new.state or old.undone_level is distinct from new.undone_level then
    insert into pgfold.audit (consolidation, run, event, detail)
    values (new.consolidation, new.run, 'run ' || new.state, jsonb_build_object('undone_level', new.undone_level, 'error', new.error,
      'totals', (select jsonb_build_object('read', sum(read), 'inserted', sum(inserted), 'merged', sum(merged), 'duplicate', sum(duplicate),
         'duplicate_in_source', sum(duplicate_in_source), 'filtered', sum(filtered), 'rejected', sum(rejected), 'unchanged', sum(unchanged),
         'pending', sum(pending)) from pgfold.batch b where b.run = new.run and b.committed_at is not null))::text);
  end if;
  if old.validated is distinct from new.validated and new.validated is not null then
    insert into pgfold.audit (consolidation, run, event, detail)
    values (new.consolidation, new.run, case when new.validated then 'checks passed' else 'checks failed' end,
      jsonb_build_object('checks', (select jsonb_object_agg(number, verdict) from pgfold.check_result c where c.run = new.run))::text);
  end if;
  return null;
end
$pgfold$;

create table if not exists pgfold.gate (
  id bigint generated always as identity primary key,
  run bigint not null,
  gate text not null,
  version int not null,
  answer text not null check (answer in ('approve', 'revise', 'stop', 'rollback')),
  who text not null,
  reason text not null,
  at timestamptz not null default clock_timestamp()
);

create or replace function pgfold.audit_gate() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $pgfold$
begin
  insert into pgfold.audit (consolidation, run, event, detail)
  select r.consolidation, r.run, 'gate ' || new.answer, jsonb_build_object('gate', new.gate, 'version', new.version, 'who', new.who,
           'reason', new.reason)::text
    from pgfold.run r where r.run = new.run;
  return null;
end
$pgfold$;

create or replace function pgfold.audit_step() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $pgfold$
begin
  insert into pgfold.audit (consolidation, run, event, detail)
  select r.consolidation, r.run, 'step ' || new.state, jsonb_build_object('step', new.step, 'kind', new.kind, 'intent', new.intent,
           'rows', new.rows, 'checksum', new.checksum, 'error', new.error)::text
    from pgfold.run r where r.run = new.run;
  return null;
end
$pgfold$;

do $pgfold$
begin
  if not exists (select from pg_trigger where tgrelid = 'pgfold.audit'::regclass and tgname = 'audit_append') then
    create trigger audit_append before insert on pgfold.audit for each row execute function pgfold.audit_append();
  end if;
  if not exists (select from pg_trigger where tgrelid = 'pgfold.audit'::regclass and tgname = 'audit_refuse') then
    create trigger audit_refuse before update or delete or truncate on pgfold.audit
      for each statement execute function pgfold.audit_refuse();
  end if;
  if not exists (select from pg_trigger where tgrelid = 'pgfold.gate'::regclass and tgname = 'audit_gate') then
    create trigger audit_gate after insert on pgfold.gate for each row execute function pgfold.audit_gate();
  end if;
  -- deferred: the chain's lock is held for the moment of the commit, not for a whole step
  if not exists (select from pg_trigger where tgrelid = 'pgfold.run'::regclass and tgname = 'audit_run') then
    create constraint trigger audit_run after insert or update on pgfold.run
      deferrable initially deferred for each row execute function pgfold.audit_run();
  end if;
  if not exists (select from pg_trigger where tgrelid = 'pgfold.step'::regclass and tgname = 'audit_step') then
    create constraint trigger audit_step after update on pgfold.step
      deferrable initially deferred for each row when (old.state is distinct from new.state) execute function pgfold.audit_step();
  end if;
end
$pgfold$;

create or replace function pgfold.complexity(steps bigint, row_count numeric) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $pgfold$
  select case when row_count is null then null
              when steps + 3 * log(1 + greatest(row_count, 0)) < 16 then 'low'
              when steps + 3 * log(1 + greatest(row_count, 0)) < 32 then 'medium' else 'high' end
$pgfold$;

create or replace view pgfold.migrations as
select r.run, r.consolidation, r.verb as type, r.reference, r.state, r.requested_at, r.finished_at,
       extract(epoch from coalesce(r.finished_at, clock_timestamp()) - r.requested_at)::double precision * 1000 as duration_ms,
       r.estimated_ms as estimated_duration_ms, r.who, r.operator, r.client, r.approval, r.plan_digest, r.tool_version, r.server_version,
       r.changed, s.steps, s.steps_done, r.estimated_rows,
       b.read, b.inserted, b.merged, b.duplicate, b.duplicate_in_source, b.filtered, b.rejected, b.unchanged, b.pending,
       round(100 * (b.inserted + b.merged + b.duplicate + b.unchanged) / nullif(b.read - b.filtered, 0), 2) as success_rate,
       case when b.read - b.filtered > 0 then round(100 * (
           0.4 * (1 - b.rejected / (b.read - b.filtered))
         + 0.2 * (1 - b.duplicate_in_source / (b.read - b.filtered))
         + 0.2 * (1 - least(1, b.defaulted / (b.read - b.filtered)))
         + 0.2 * (1 - coalesce(least(1, m.doubtful::numeric / nullif(m.mapped, 0)), 0))), 1) end as quality_score,
       pgfold.complexity(s.steps, r.estimated_rows) as estimated_complexity,
       pgfold.complexity(s.steps, b.read) as complexity,
       r.validated, r.undone_level, r.undone_at, r.error
  from pgfold.run r
  left join lateral (select count(*) as steps, count(*) filter (where state = 'done') as steps_done from pgfold.step s where s.run = r.run) s on true
  left join lateral (
    select sum(read) as read, sum(inserted) as inserted, sum(merged) as merged, sum(duplicate) as duplicate,
           sum(duplicate_in_source) as duplicate_in_source, sum(filtered) as filtered, sum(rejected) as rejected,
           sum(unchanged) as unchanged, sum(pending) as pending,
           sum((select coalesce(sum(value::numeric), 0) from jsonb_each_text(
             case when jsonb_typeof(b.counters->'default') = 'object' then b.counters->'default' else '{}' end))) as defaulted
      from pgfold.batch b where b.run = r.run and b.committed_at is not null) b on true
  left join lateral (
    select (select count(distinct (mapping, left_id)) from pgfold.mapped x where x.run = r.run)
             + (select count(*) from pgfold.review v where v.run = r.run) as mapped,
           (select count(distinct (mapping, left_id)) from pgfold.mapped x where x.run = r.run and x.because = 'fallback')
             + (select count(*) from pgfold.review v where v.run = r.run) as doubtful) m on true;

create or replace view pgfold.executions as
select s.run, r.consolidation, s.step, s.kind, s.intent, s.state, s.started_at, s.finished_at,
       extract(epoch from s.finished_at - s.started_at)::double precision * 1000 as duration_ms,
       s.rows, round(s.rows / nullif(extract(epoch from s.finished_at - s.started_at), 0), 1) as rows_per_second, s.error
  from pgfold.step s join pgfold.run r using (run);
