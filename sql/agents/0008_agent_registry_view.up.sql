-- The registry: a row is a live agent with its industries and personas.
create or replace view agent_registry_view as
select a.id, a.unique_id, a.name, a.title, a.description, a.category, a.tags, a.tenant_id, a.owner_tenant_id,
       a.is_active, a.is_public, a.is_featured, a.can_delegate, a.version, a.parent_agent_id,
       i.primary_industry, coalesce(i.industries, '{}') as industries, coalesce(p.personas, '{}') as personas,
       a.created_at, a.updated_at
from agents a
left join lateral (
  select array_agg(industry.industry_code::text order by m.is_primary desc, industry.industry_code) as industries,
         max(industry.industry_code::text) filter (where m.is_primary) as primary_industry
  from agent_industry_mapping m
  join industries industry on industry.id = m.industry_id
  where m.agent_id = a.id
) i on true
left join lateral (
  select array_agg(persona.name::text order by m.priority_level, persona.name) as personas
  from agent_persona_mapping m
  join personas persona on persona.id = m.persona_id
  where m.agent_id = a.id
) p on true
where a.deleted_at is null;

-- Before server 15 a view reads with its owner's rights and would show every tenant's agents:
-- there it is granted only where the agents themselves are open to each reader.
do $$
declare
  as_invoker boolean := current_setting('server_version_num')::integer >= 150000;
  granted record;
begin
  if as_invoker then
    alter view agent_registry_view set (security_invoker = true);
  end if;
  if as_invoker or not (select relrowsecurity from pg_class where oid = 'agents'::regclass) then
    for granted in
      select case when acl.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(acl.grantee)) end as whom,
             case when acl.is_grantable then ' with grant option' else '' end as passing_on
      from pg_class agents
      join pg_class registry on registry.oid = 'agent_registry_view'::regclass
      cross join aclexplode(coalesce(agents.relacl, acldefault('r', agents.relowner))) acl
      where agents.oid = 'agents'::regclass and acl.privilege_type = 'SELECT' and acl.grantee <> registry.relowner
    loop
      execute format('grant select on agent_registry_view to %s%s', granted.whom, granted.passing_on);
    end loop;
  end if;
end
$$;
