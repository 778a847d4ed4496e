-- one value: how many rows that an enhancement wrote are not as before after its way back was tried
select count(*) from pgfold.written_row w left join (select ${id} as id, ${image} as columns from only ${table} pgfold_t) n on n.id = w.id
 where w.run = $1::bigint and w.step = $2::bigint and w.table_name = ${place}
   and case w.what when 'inserted' then n.id is not null
                   when 'deleted' then n.id is null or n.columns is distinct from w.columns
                   else w.columns is distinct from (select jsonb_object_agg(d, n.columns -> d) from unnest(${declared}::text[]) d) end
