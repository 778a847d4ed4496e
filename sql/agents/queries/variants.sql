-- A row is a live agent with its parent, if it is a variant, and the number of its own variants.
select a.unique_id, a.name, parent.unique_id as parent, count(v.id) as variants
from agents a
left join agents parent on parent.id = a.parent_agent_id
left join agents v on v.parent_agent_id = a.id and v.deleted_at is null
where a.deleted_at is null
group by a.id, a.unique_id, a.name, parent.unique_id
order by variants desc, a.name, a.id;
