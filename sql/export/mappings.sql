select m.mapping, m.left_id, m.right_id, m.because, m.confidence, m.evidence, m.is_primary, m.is_new
  from pgfold.mapped m where m.run = ${run} order by m.mapping, m.left_id, m.is_primary desc, m.right_id
