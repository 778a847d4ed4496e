-- refuses where rows refer to pairs that a decision replaces: they would go with them
do $pgfold$
declare
  pgfold_row record;
  pgfold_n bigint;
  pgfold_all text;
begin
  for pgfold_row in
    select k.conrelid::regclass as referrer,
           string_agg(format('r.%I = m.%I', a.attname, f.attname), ' and ') as joined
      from pg_constraint k cross join lateral unnest(k.conkey, k.confkey) as c(a, f)
      join pg_attribute a on a.attrelid = k.conrelid and a.attnum = c.a
      join pg_attribute f on f.attrelid = k.confrelid and f.attnum = c.f
     where k.contype = 'f' and k.confrelid = ${table_literal}::regclass group by k.oid, k.conrelid
  loop
    execute format('with given as (select g.left_id, g.right_id from jsonb_to_recordset(%L::jsonb) as g(left_id text, right_id text)), '
      'going as materialized (select m.* from %s m join (select distinct left_id from given) l on m.%s = l.left_id::%s '
      'where not exists (select from given g where m.%s = g.left_id::%s and m.%s = g.right_id::%s) for update of m) '
      'select count(*) from going m join %s r on %s', ${given}, ${table_literal}, ${left_literal}, ${left_type_literal}, ${left_literal}, ${left_type_literal},
      ${right_literal}, ${right_type_literal}, pgfold_row.referrer, pgfold_row.joined) into pgfold_n;
    if pgfold_n > 0 then
      pgfold_all := concat_ws(', ', pgfold_all, format('%s of %s', pgfold_n, pgfold_row.referrer));
    end if;
  end loop;
  if pgfold_all is not null then
    raise exception 'rows refer to mappings that the decision replaces, and would go with them or keep them: %', pgfold_all
      using errcode = 'P0004', hint = 'let them refer to other rows first, or decide so that these mappings stay';
  end if;
end
$pgfold$;
