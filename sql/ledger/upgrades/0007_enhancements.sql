-- version 7: which enhancements were marked as applied, what each left, and the rows that it wrote
create table pgfold.marked (
  consolidation text not null,
  file text not null,
  checksum text not null,
  raw_checksum text not null,
  at timestamptz not null default clock_timestamp(),
  who text not null default session_user,
  primary key (consolidation, file)
);
create table pgfold.object_left (
  run bigint not null,
  step int not null,
  object text not null,
  belongs_to text,
  is_new boolean not null,
  definition text not null,
  facts text not null,
  primary key (run, step, object)
);
create table pgfold.written_row (
  run bigint not null,
  step int not null,
  table_name text not null,
  id text not null,
  columns jsonb not null,
  what text check (what in ('changed', 'inserted', 'deleted')),
  left_hash bigint,
  primary key (run, step, table_name, id)
);
