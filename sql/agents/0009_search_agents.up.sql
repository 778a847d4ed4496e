-- Live agents whose own words, industries or personas hold the text; best first, with the caller's rights.
create or replace function search_agents(
  query text, industry text default null, persona text default null, how_many integer default 50
)
returns table (
  id uuid, unique_id text, name text, title text, category text, industries text[], personas text[], score integer
)
language sql stable
set search_path from current
as $$
  with wanted as (
    select lower(btrim(coalesce(search_agents.query, ''))) as words,
           lower(btrim(search_agents.industry)) as industry, lower(btrim(search_agents.persona)) as persona
  )
  select a.id, a.unique_id, a.name, a.title, a.category, i.codes, p.names,
         case when position(w.words in lower(a.name)) > 0 then 4 else 0 end
           + case when position(w.words in lower(coalesce(a.title, ''))) > 0 then 2 else 0 end
           + case when position(w.words in lower(array_to_string(a.tags, ' '))) > 0 then 2 else 0 end
           + case when position(w.words in lower(coalesce(a.description, ''))) > 0 then 1 else 0 end as score
  from wanted w
  cross join agents a
  cross join lateral (
    select coalesce(array_agg(x.industry_code::text order by m.is_primary desc, x.industry_code), '{}') as codes,
           coalesce(string_agg(x.industry_name, ' '), '') as names,
           coalesce(bool_or(w.industry in (lower(x.industry_code), lower(x.industry_name))), false) as wanted
    from agent_industry_mapping m
    join industries x on x.id = m.industry_id
    where m.agent_id = a.id
  ) i
  cross join lateral (
    select coalesce(array_agg(x.name::text order by m.priority_level, x.name), '{}') as names,
           coalesce(bool_or(w.persona in (lower(x.unique_id), lower(x.name))), false) as wanted
    from agent_persona_mapping m
    join personas x on x.id = m.persona_id
    where m.agent_id = a.id
  ) p
  where a.deleted_at is null
    and (w.industry is null or i.wanted)
    and (w.persona is null or p.wanted)
    and position(w.words in lower(concat_ws(' ', a.name, a.title, a.category, a.description,
                                            array_to_string(a.tags, ' '), i.names, array_to_string(p.names, ' ')))) > 0
  order by score desc, a.name, a.id
  limit search_agents.how_many
$$;
