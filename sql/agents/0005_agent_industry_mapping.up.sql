-- Which industries an agent serves; one of them may be its primary one.
create or replace function touch_agent_mapping() returns trigger
language plpgsql as $$
begin
  new.updated_at = now();
  return new;
end
$$;

create table if not exists agent_industry_mapping (
  agent_id             uuid not null references agents (id) on delete cascade,
  industry_id          uuid not null references industries (id) on delete restrict,
  is_primary           boolean not null default false,
  industry_config      jsonb not null default '{}',
  performance_metrics  jsonb not null default '{}',
  usage_count          integer not null default 0,
  success_rate         numeric(5, 2) check (success_rate between 0 and 100),
  avg_response_time_ms integer,
  last_used_at         timestamptz,
  created_at           timestamptz not null default now(),
  updated_at           timestamptz not null default now(),
  primary key (agent_id, industry_id)
);

create unique index if not exists agent_industry_mapping_one_primary on agent_industry_mapping (agent_id) where is_primary;
create index if not exists agent_industry_mapping_industry_idx on agent_industry_mapping (industry_id);

-- Security, policy and grants follow the agent's table, whatever it has.
do $$
declare
  granted record;
begin
  if not exists (select from pg_trigger
                 where tgrelid = 'agent_industry_mapping'::regclass and tgname = 'touch_agent_industry_mapping') then
    create trigger touch_agent_industry_mapping before update on agent_industry_mapping
      for each row execute function touch_agent_mapping();
  end if;
  if not exists (select from pg_policy
                 where polrelid = 'agent_industry_mapping'::regclass and polname = 'agent_industry_mapping_as_agent') then
    create policy agent_industry_mapping_as_agent on agent_industry_mapping
      using (exists (select 1 from agents a where a.id = agent_id))
      with check (exists (select 1 from agents a where a.id = agent_id));
  end if;
  if (select relrowsecurity from pg_class where oid = 'agents'::regclass) then
    alter table agent_industry_mapping enable row level security;
  end if;
  for granted in
    select case when acl.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(acl.grantee)) end as whom,
           acl.privilege_type as what, case when acl.is_grantable then ' with grant option' else '' end as passing_on
    from pg_class agents
    join pg_class mapping on mapping.oid = 'agent_industry_mapping'::regclass
    cross join aclexplode(coalesce(agents.relacl, acldefault('r', agents.relowner))) acl
    where agents.oid = 'agents'::regclass and acl.grantee <> mapping.relowner
  loop
    execute format('grant %s on agent_industry_mapping to %s%s', granted.what, granted.whom, granted.passing_on);
  end loop;
end
$$;
