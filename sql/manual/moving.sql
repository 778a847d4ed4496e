do ${tag}
declare
  pgfold_n bigint := 0;
  pgfold_m bigint := 0;
  pgfold_text text;
  pgfold_json jsonb;
  pgfold_all jsonb;
  pgfold_one jsonb;
  pgfold_ranges jsonb;
  pgfold_above text[];
  pgfold_upto text[];
  pgfold_began timestamptz;
  pgfold_code text;
  pgfold_object text;
  pgfold_constraint text;
  pgfold_message text;
  pgfold_batch record;
  pgfold_row record;
begin
${body}end
${tag};
