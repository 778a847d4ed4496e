-- one value: the columns of the tables $1 as one hash
select md5(string_agg(concat_ws(' ', t, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull), ',' order by t, a.attnum)) as columns
  from unnest($1::text[]) t left join pg_attribute a on a.attrelid = to_regclass(t) and a.attnum > 0 and not a.attisdropped
