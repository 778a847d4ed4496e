delete from ${table} m using pgfold.mapped d
 where d.run = $1 and d.mapping = ${name} and d.is_new and m.${left} = d.left_id::${left_type} and m.${right} = d.right_id::${right_type}
