-- one row: how many rows wait to be mapped, and all that is known of them as one hash
select count(*) as rows, coalesce(sum(hashtextextended(to_jsonb(q)::text, 0)::numeric), 0)::text as hash from (
${subjects}
) q
