-- A row is an active agent as the application lists it since before the consolidation.
select id, name, title, description, category, tags, avatar_url, rating
from agents
where is_active
order by name, id;
