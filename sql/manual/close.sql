  execute ${digest} into pgfold_json using ${run}::bigint;
  execute ${keep} using ${run}::bigint, pgfold_json::text;
  execute ${objects} into pgfold_json using ${schema}::text;
  execute ${image} using ${run}::bigint, pgfold_json::text, ${tables}, ${named};
  execute ${finish} using ${run}::bigint, 'completed'::text, null::text, false, (select epoch from pgfold.lease where consolidation = ${consolidation}), null::text;
