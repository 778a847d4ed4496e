-- A row is the agent that the application edits, shares and then takes back.
update agents
   set description = 'Edited in the agent editor.', tags = array_append(tags, 'edited'), is_shared = true, sharing_mode = 'global'
 where id = (select id from agents order by created_at, id limit 1);

update agents set is_shared = false, sharing_mode = 'private'
 where id = (select id from agents order by created_at, id limit 1)
returning id, name, description, tags, sharing_mode;
