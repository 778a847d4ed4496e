-- An agent may be a variant of another; without its parent it stays as an agent of its own.
alter table agents add column if not exists parent_agent_id uuid;

do $$
begin
  if not exists (select from pg_constraint
                 where conrelid = 'agents'::regclass and conname = 'agents_parent_agent_id_fkey') then
    alter table agents add constraint agents_parent_agent_id_fkey
      foreign key (parent_agent_id) references agents (id) on delete set null;
  end if;
end
$$;

create index if not exists agents_parent_agent_id_idx on agents (parent_agent_id) where parent_agent_id is not null;
