-- A row is a named persona with the live agents that assist it.
select p.unique_id, p.name, count(a.id) as agents
from personas p
left join agent_persona_mapping m on m.persona_id = p.id
left join agents a on a.id = m.agent_id and a.deleted_at is null
where p.name <> 'Unknown Persona' and p.deleted_at is null
group by p.id, p.unique_id, p.name
order by agents desc, p.name;
