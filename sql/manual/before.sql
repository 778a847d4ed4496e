  execute ${objects} into pgfold_json using ${schema}::text;
  perform set_config('pgfold.objects', pgfold_json::text, ${local});
