-- one row: a column in numbers
select ${name} as "column", ${type} as type_name, count(*) as rows, count(*) filter (where v is null) as nulls, count(distinct v) as distinct,
       count(*) filter (where lower(btrim(v)) in ('', 'unknown', 'n/a', 'na', 'none', 'null', 'default', 'test', 'tbd', 'todo', '-', '?',
         '{}', '[]', '""', 'xxx', 'lorem ipsum') or v like '1970-01-01%') as default_like,
       count(*) filter (where v ~ '^"[\[{\\]') as double_encoded,
       mode() within group (order by case
         when v ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then 'uuid'
         when v ~ '^[^@ ]+@[^@ ]+\.[A-Za-z]+$' then 'e-mail'
         when v ~ '^https?://' then 'url'
         when v ~ '^-?[0-9]+$' then 'whole number'
         when v ~ '^-?[0-9]*\.[0-9]+$' then 'number'
         when v ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]' then 'time'
         when v ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then 'date'
         when v in ('t', 'f', 'true', 'false') then 'boolean'
         when v ~ '^\s*[\[{]' then 'json'
         when v ~ '^[A-Z0-9_-]+$' then 'code'
         when v is not null then 'text' end) as pattern,
       max(length(v)) as longest
  from (select (${column})::text as v from ${table} pgfold_t ${sample}) x
