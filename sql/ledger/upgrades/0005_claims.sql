-- version 5: a conflict knows the key it is about, and what a run left of a row and of a mapping is known again; more codes have words
alter table pgfold.verdict add column claim text, add column claim_on int;
alter table pgfold.before_image add column left_values jsonb;
alter table pgfold.mapped add column row_hash bigint;
alter table pgfold.crosswalk drop column reason;
alter table pgfold.crosswalk add column reason text generated always as (
    case reason_code when 'earlier_run' then 'run ' || reason_detail
      when 'changed_since_run' then 'changed since run ' || reason_detail
      when 'changed_and_edited' then 'changed since run ' || reason_detail || ', edited in the target'
      when 'secondary_key' then 'alike ' || reason_detail
      when 'secondary_key_not_live' then 'alike ' || reason_detail || ', not live'
      when 'key_not_live' then 'key of a row that is not live'
      when 'revived_existing' then 'revived a row that was not live'
      when 'deleted_since' then 'moved by run ' || reason_detail || ' and deleted since'
      when 'concurrent_write' then 'the application was faster'
      when 'left_out' then 'left out'
      else reason_code || coalesce(' ' || reason_detail, '') end) stored;
