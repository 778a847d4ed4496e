    if to_regclass(${table_literal}) is not null then
      delete from only ${table} pgfold_t using pgfold.written_row w
       where w.run = ${run} and w.step = ${step} and w.table_name = ${place} and w.what = 'inserted' and w.id = ${id};
${restore}      insert into ${table} (${names}) overriding system value select ${values} from pgfold.written_row w
       where w.run = ${run} and w.step = ${step} and w.table_name = ${place} and w.what = 'deleted' on conflict do nothing;
    end if;
