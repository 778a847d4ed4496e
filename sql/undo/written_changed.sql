      update only ${table} pgfold_t set ${set} from pgfold.written_row w
       where w.run = ${run} and w.step = ${step} and w.table_name = ${place} and w.what = 'changed' and w.id = ${id};
