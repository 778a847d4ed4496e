-- one row: the id of the last of the next $2 rows of the target after the id $1
select q.id::text as id
  from (select ${alias}.${id} as id from ${target} ${alias} where $1::text is null or ${alias}.${id} > $1::text::${id_type}
         order by ${alias}.${id} limit $2::bigint) q
 order by q.id desc limit 1
