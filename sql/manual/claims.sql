  -- those whose winner was rejected were told of before
  select count(*) into pgfold_n
    from pgfold.late l join pgfold.crosswalk x on x.run = l.run and x.source = l.source and x.id = l.id
    left join pgfold.crosswalk w on w.run = x.run and w.source || ' ' || w.id = x.winner
   where l.run = ${run} and w.outcome is distinct from 'rejected';
  if pgfold_n > 0 then
    raise exception '% rows were skipped for a winner that has another key now; nothing of this source was written', pgfold_n
      using errcode = 'P0004', hint = 'run this file again when nobody writes to the sources';
  end if;
  delete from pgfold.late where run = ${run};
