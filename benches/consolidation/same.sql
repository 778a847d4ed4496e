-- one row: how many live rows arrived, and a digest of what they hold, whatever their order and their own ids
select count(*), sum(hashtextextended((to_jsonb(a) - '{id,access_count,last_accessed_at}'::text[])::text, 0) / 1000)::text
from agents a where a.unique_id ~ '^(DH|AI)_AGENT_'
