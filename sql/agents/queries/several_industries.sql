-- A row is a live agent that serves two industries or more.
select a.unique_id, a.name, array_agg(i.industry_code order by m.is_primary desc, i.industry_code) as industries
from agents a
join agent_industry_mapping m on m.agent_id = a.id
join industries i on i.id = m.industry_id
where a.deleted_at is null
group by a.id, a.unique_id, a.name
having count(*) >= 2
order by count(*) desc, a.name, a.id;
