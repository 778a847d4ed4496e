-- one value: the objects of the schema $1 by their wording
select coalesce(jsonb_object_agg(o.object, to_jsonb(o) - '{class,id,sub}'::text[]), '{}') from (
${objects}
) o
