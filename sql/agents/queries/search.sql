-- A row is a live agent that the search finds for a text.
select unique_id, name, category, industries, personas, score from search_agents('clinical');
