create schema if not exists pgfold;
revoke all on schema pgfold from public;
comment on schema pgfold is 'The ledger of pgfold: what each run was to do, did, and how it is taken back.';

create table if not exists pgfold.ledger_version (
  version int primary key,
  at timestamptz not null default clock_timestamp(),
  who text not null default session_user,
  tool_version text not null
);
-- whoever may look into the schema may know which version it has
grant select on pgfold.ledger_version to public;

create table if not exists pgfold.run (
  run bigint generated always as identity primary key,
  consolidation text not null,
  verb text not null,
  state text not null default 'requested'
    check (state in ('requested', 'analysing', 'executing', 'validating', 'completed', 'failed', 'stopped', 'rolled back')),
  requested_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  who text not null default session_user,
  client text,
  tool_version text not null,
  server_version text not null default current_setting('server_version'),
  database text not null default current_database(),
  system_identifier text,
  plan jsonb not null,
  plan_digest text not null,
  folder text,
  changed boolean not null default false,
  validated boolean,
  error text,
  failure_class text check (failure_class in
    ('data', 'lock', 'connection', 'space', 'schema_drift', 'permission', 'bug', 'asked')),
  undone_level text check (undone_level in ('rows', 'purge', 'schema')),
  undone_at timestamptz,
  undone_part boolean not null default false,
  undone_effect jsonb,
  rehearsed jsonb,
  cleaned_at timestamptz,
  digest jsonb,
  config jsonb,
  outside_window text,
  way text,
  ledger_version int
);
comment on column pgfold.run.config is 'Profile, settings and file hashes that the run was made with.';
comment on column pgfold.run.outside_window is 'Why the run was begun outside of its maintenance window.';
comment on column pgfold.run.way is 'How it runs: guided, automated, manual, or null for straight through.';
comment on table pgfold.run is 'A row is one run of a writing command.';
comment on column pgfold.run.plan is 'The whole plan, stored before the first step and never recomputed.';
comment on column pgfold.run.changed is 'Whether the run changed anything outside the ledger.';
comment on column pgfold.run.undone_part is 'Whether some of its rows were taken back while the run stands.';
comment on column pgfold.run.undone_effect is 'What the last rollback did, in rows, and how long it took in milliseconds.';
comment on column pgfold.run.rehearsed is 'Level, time and effect of the last rehearsed rollback.';
comment on column pgfold.run.cleaned_at is 'When its before-images were thrown away; it cannot be rolled back since.';
comment on column pgfold.run.digest is 'Rows and hash of crosswalk and before-images when the run was done.';
comment on column pgfold.run.undone_level is 'The level at which the run was rolled back; null while it stands.';

create table if not exists pgfold.lease (
  consolidation text primary key,
  epoch bigint not null default 1,
  run bigint,
  backend int,
  backend_start timestamptz,
  who text,
  token text,
  beat_at timestamptz,
  taken_at timestamptz not null default clock_timestamp()
);
comment on table pgfold.lease is 'A row is who operates a consolidation now: one at a time.';

create table if not exists pgfold.worker (
  run bigint not null references pgfold.run,
  worker int not null,
  epoch bigint not null,
  primary key (run, worker)
);
comment on table pgfold.worker is 'A row is one worker of a run; its epoch is the fence that each batch locks and compares.';

create table if not exists pgfold.step (
  run bigint not null references pgfold.run,
  step int not null,
  kind text not null,
  intent text not null,
  state text not null default 'planned' check (state in ('planned', 'running', 'done', 'skipped', 'failed', 'undone')),
  started_at timestamptz,
  finished_at timestamptz,
  rows bigint,
  checksum text,
  error text,
  primary key (run, step)
);
comment on table pgfold.step is 'A row is one step of a plan and how far it came.';

create table if not exists pgfold.batch (
  run bigint not null references pgfold.run,
  step int not null,
  source text not null,
  batch int not null,
  above text[],
  upto text[],
  worker int,
  read bigint,
  inserted bigint,
  merged bigint,
  duplicate bigint,
  duplicate_in_source bigint,
  filtered bigint,
  rejected bigint,
  unchanged bigint,
  pending bigint,
  counters jsonb,
  committed_at timestamptz,
  took_ms double precision,
  primary key (run, step, batch),
  check (committed_at is null or read = inserted + merged + duplicate + duplicate_in_source + filtered + rejected + unchanged + pending)
);
comment on table pgfold.batch is 'A row is one range of a source (above, upto] and its accounting once it is committed.';

create table if not exists pgfold.crosswalk (
  run bigint not null,
  source text not null,
  id text not null,
  outcome text not null check (outcome in
    ('inserted', 'merged', 'duplicate', 'duplicate_in_source', 'filtered', 'rejected', 'unchanged', 'pending')),
  key text,
  target_id text,
  reason_code text,
  reason_detail text,
  -- for people
  reason text generated always as (
    case reason_code when 'earlier_run' then 'run ' || reason_detail
      when 'changed_since_run' then 'changed since run ' || reason_detail
      when 'changed_and_edited' then 'changed since run ' || reason_detail || ', edited in the target'
      when 'secondary_key' then 'alike ' || reason_detail
      when 'secondary_key_not_live' then 'alike ' || reason_detail || ', not live'
      when 'key_not_live' then 'key of a row that is not live'
      when 'revived_existing' then 'revived a row that was not live'
      when 'deleted_since' then 'moved by run ' || reason_detail || ' and deleted since'
      when 'concurrent_write' then 'the application was faster'
      when 'left_out' then 'left out'
      else reason_code || coalesce(' ' || reason_detail, '') end) stored,
  winner text,
  source_hash bigint,
  target_hash bigint,
  undone boolean,
  detail jsonb,
  primary key (run, source, id)
) partition by list (run);
comment on table pgfold.crosswalk is 'A row is one legacy row that a run read, and what became of it. One partition per run; unique there by (source, id).';
comment on column pgfold.crosswalk.detail is 'The whole legacy row, where it was not inserted; what a merge filled.';
comment on column pgfold.crosswalk.source_hash is 'A hash over the texts of the values of the legacy row, under the pinned settings.';

create table if not exists pgfold.reject (
  run bigint not null,
  source text not null,
  id text not null,
  code text not null,
  object text,
  message text,
  content jsonb,
  n bigint generated always as identity primary key
);
comment on table pgfold.reject is 'A row is one fault of one legacy row: SQLSTATE, the column or constraint, and the row itself.';

create table if not exists pgfold.verdict (
  run bigint not null,
  source text not null,
  id text not null,
  verdict text not null,
  reason text,
  winner_source text,
  winner text,
  key_held boolean,
  claim text,
  claim_on int,
  primary key (run, source, id)
);
-- each batch asks whether there are any
create index if not exists verdict_raises on pgfold.verdict (run, source) where verdict = 'raises';
comment on table pgfold.verdict is 'A row is a legacy row that shares its key or another unique value with a better-ranked one; decided before the first batch.';

create table if not exists pgfold.late (
  run bigint not null,
  source text not null,
  id text not null,
  what text not null,
  target_id text,
  revived boolean not null default false,
  primary key (run, source, id)
);
comment on table pgfold.late is 'A row is a legacy row that was written while an online run read it; there only while the run settles it.';

create table if not exists pgfold.before_image (
  run bigint not null,
  step int not null,
  table_name text not null,
  id text not null,
  columns jsonb not null,
  after_hash bigint,
  left_values jsonb,
  n bigint generated always as identity primary key
);
comment on table pgfold.before_image is 'A row is what some columns of an existing row held before a run changed them.';

create table if not exists pgfold.object_image (
  run bigint not null,
  step int not null,
  object text not null,
  place text not null,
  definition text not null,
  primary key (run, step, object)
);
comment on table pgfold.object_image is 'A row is a replaced view or function: the statements that bring it back.';

create table if not exists pgfold.marked (
  consolidation text not null,
  file text not null,
  checksum text not null,
  raw_checksum text not null,
  at timestamptz not null default clock_timestamp(),
  who text not null default session_user,
  primary key (consolidation, file)
);
comment on table pgfold.marked is 'A row is an enhancement file that was applied by hand and marked as applied.';

create table if not exists pgfold.object_left (
  run bigint not null,
  step int not null,
  object text not null,
  belongs_to text,
  is_new boolean not null,
  definition text not null,
  facts text not null,
  primary key (run, step, object)
);
comment on table pgfold.object_left is 'A row is an object as an enhancement left it; a rollback compares it with what is there.';

create table if not exists pgfold.written_row (
  run bigint not null,
  step int not null,
  table_name text not null,
  id text not null,
  columns jsonb not null,
  what text check (what in ('changed', 'inserted', 'deleted')),
  left_hash bigint,
  primary key (run, step, table_name, id)
);
comment on table pgfold.written_row is 'A row is a row that an enhancement wrote: what it was before, and a hash of what the enhancement left.';

create table if not exists pgfold.put_value (
  run bigint not null,
  step int not null,
  place text not null,
  hash bigint,
  rows bigint not null,
  n bigint generated always as identity primary key
);
comment on table pgfold.put_value is 'A row is a value that an enhancement put into a column it added, by its hash, and how often.';

create table if not exists pgfold.mapped (
  run bigint not null,
  step int not null,
  mapping text not null,
  left_id text not null,
  right_id text not null,
  because text not null,
  confidence double precision not null,
  evidence text,
  is_primary boolean not null,
  is_new boolean not null,
  row_hash bigint,
  n bigint generated always as identity primary key
);
-- pages come in order of the left id, so that it fills at its end
create index if not exists mapped_left on pgfold.mapped (mapping, left_id);
comment on table pgfold.mapped is 'A row is one mapping that a run decided, why, and whether the run wrote it.';

create table if not exists pgfold.review (
  run bigint not null,
  mapping text not null,
  left_id text not null,
  key text,
  reason text not null,
  candidates jsonb not null default '[]',
  primary key (mapping, left_id, run)
);
comment on table pgfold.review is 'A row is a target row whose mapping a person should look at.';

create table if not exists pgfold.existing_row (
  run bigint not null,
  id text not null,
  hash bigint not null,
  primary key (run, id)
) partition by list (run);
comment on table pgfold.existing_row is 'A row is the hash of a target row as the run found it; one partition per run.';

create table if not exists pgfold.query_baseline (
  run bigint not null,
  query text not null,
  role text not null default '',
  rows bigint,
  median_ms double precision,
  yardstick_ms double precision,
  error text,
  primary key (run, query, role)
);
comment on table pgfold.query_baseline is 'A row is what an application query returned and took before the first write.';

create table if not exists pgfold.rehearsal (
  id bigint generated always as identity primary key,
  consolidation text not null,
  at timestamptz not null default clock_timestamp(),
  rows bigint not null,
  took_ms double precision not null,
  moving_ms double precision not null
);
comment on table pgfold.rehearsal is 'A row is a run that was rehearsed and taken back: what it would write and what that took.';

create table if not exists pgfold.sequence_state (
  run bigint not null,
  sequence text not null,
  before_value bigint not null,
  before_called boolean not null,
  after_value bigint,
  after_called boolean,
  primary key (run, sequence)
);
comment on table pgfold.sequence_state is 'A row is where a sequence of the target stood before and after a run.';
