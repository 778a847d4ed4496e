-- What the registry shows of an agent, and which tenant answers for it.
alter table agents add column if not exists is_public boolean not null default false;
alter table agents add column if not exists is_featured boolean not null default false;
alter table agents add column if not exists owner_tenant_id uuid;

do $$
begin
  if not exists (select from pg_constraint
                 where conrelid = 'agents'::regclass and conname = 'agents_owner_tenant_id_fkey') then
    alter table agents add constraint agents_owner_tenant_id_fkey
      foreign key (owner_tenant_id) references tenants (id) on delete set null;
  end if;
end
$$;

create index if not exists agents_owner_tenant_id_idx on agents (owner_tenant_id) where owner_tenant_id is not null;
