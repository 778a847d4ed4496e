delete from ${table} m using (select distinct d.left_id from pgfold.mapped d where d.run = $1 and d.mapping = ${name}) d
     where m.${left} = d.left_id::${left_type};
    insert into ${table} select (jsonb_populate_record(null::${table}, b.columns)).* from pgfold.before_image b
     where b.run = $1 and b.table_name = ${table_name}
