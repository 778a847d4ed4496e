do ${tag}
declare
  pgfold_n bigint := 0;
  pgfold_m bigint := 0;
  pgfold_text text;
  pgfold_json jsonb;
  pgfold_row record;
begin
${body}end
${tag};
