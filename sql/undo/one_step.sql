do ${tag}
declare
  pgfold_level constant text := 'schema';
  pgfold_discard constant boolean := false;
  pgfold_effect jsonb := '{}';
  pgfold_n bigint;
  pgfold_text text;
  pgfold_row record;
  pgfold_view record;
  pgfold_again text[];
  pgfold_kept text[] := '{}';
  pgfold_there jsonb := '[]';
  pgfold_cascade text := '';
  pgfold_rows_last boolean;
begin
${body}
end
${tag};
