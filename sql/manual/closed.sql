commit;
select m.run, m.state, m.read, m.inserted, m.merged, m.duplicate, m.duplicate_in_source, m.filtered, m.rejected, m.unchanged
  from pgfold.migrations m where m.run = ${run};
