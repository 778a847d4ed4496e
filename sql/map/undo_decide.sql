delete from ${table} m using (select distinct d.left_id from pgfold.mapped d where d.run = $1 and d.mapping = ${name}) d
     where not pgfold_part and m.${left} = d.left_id::${left_type};
    insert into ${table} select (jsonb_populate_record(null::${table}, d.columns)).*
      from (select b.columns, split_part(b.id, ' ', 1) as left_id from pgfold.before_image b where b.run = $1 and b.table_name = ${table_name}) d
     where not pgfold_part
