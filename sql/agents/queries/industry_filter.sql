-- A row is a live agent that serves the pharmaceutical industry, those that serve it first of all at the top.
select a.unique_id, a.name, m.is_primary
from agents a
join agent_industry_mapping m on m.agent_id = a.id
join industries i on i.id = m.industry_id
where i.industry_code = 'pharmaceuticals' and a.deleted_at is null
order by m.is_primary desc, a.name, a.id;
