-- Which personas an agent assists, and how.
create table if not exists agent_persona_mapping (
  agent_id             uuid not null references agents (id) on delete cascade,
  persona_id           uuid not null references personas (id) on delete cascade,
  relationship_type    text not null default 'assists',
  interaction_patterns jsonb not null default '{}',
  priority_level       integer not null default 1,
  context_notes        text,
  created_at           timestamptz not null default now(),
  updated_at           timestamptz not null default now(),
  primary key (agent_id, persona_id)
);

create index if not exists agent_persona_mapping_persona_idx on agent_persona_mapping (persona_id);

-- Security, policy and grants follow the agent's table, whatever it has.
do $$
declare
  granted record;
begin
  if not exists (select from pg_trigger
                 where tgrelid = 'agent_persona_mapping'::regclass and tgname = 'touch_agent_persona_mapping') then
    create trigger touch_agent_persona_mapping before update on agent_persona_mapping
      for each row execute function touch_agent_mapping();
  end if;
  if not exists (select from pg_policy
                 where polrelid = 'agent_persona_mapping'::regclass and polname = 'agent_persona_mapping_as_agent') then
    create policy agent_persona_mapping_as_agent on agent_persona_mapping
      using (exists (select 1 from agents a where a.id = agent_id))
      with check (exists (select 1 from agents a where a.id = agent_id));
  end if;
  if (select relrowsecurity from pg_class where oid = 'agents'::regclass) then
    alter table agent_persona_mapping enable row level security;
  end if;
  for granted in
    select case when acl.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(acl.grantee)) end as whom,
           acl.privilege_type as what, case when acl.is_grantable then ' with grant option' else '' end as passing_on
    from pg_class agents
    join pg_class mapping on mapping.oid = 'agent_persona_mapping'::regclass
    cross join aclexplode(coalesce(agents.relacl, acldefault('r', agents.relowner))) acl
    where agents.oid = 'agents'::regclass and acl.grantee <> mapping.relowner
  loop
    execute format('grant %s on agent_persona_mapping to %s%s', granted.what, granted.whom, granted.passing_on);
  end loop;
end
$$;
