-- A row is a live agent as the registry shows it.
select unique_id, name, category, primary_industry, industries, personas, is_public, is_featured, can_delegate
from agent_registry_view
order by is_featured desc, name, id;
