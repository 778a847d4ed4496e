-- one value: the tables that were touched, or null
select string_agg(t."table", ', ') from (
${touched}
) t
