-- One identity per agent across all sources, soft deletion, and the version a legacy agent had.
alter table agents add column if not exists unique_id text;
alter table agents add column if not exists deleted_at timestamptz;
alter table agents add column if not exists version text;

-- Neither partial nor on an expression: `on conflict (unique_id)` must be able to use it.
create unique index if not exists agents_unique_id_key on agents (unique_id);
