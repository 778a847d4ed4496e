-- version 4: why a row has its outcome is a code with its detail; the words are made of them. Read once from the words of before.
alter table pgfold.crosswalk add column reason_code text, add column reason_detail text;
update pgfold.crosswalk set
  reason_code = case
    when reason ~ '^run [0-9]+$' then 'earlier_run'
    when reason ~ '^changed since run [0-9]+$' then 'changed_since_run'
    when reason ~ '^changed since run [0-9]+, edited in the target$' then 'changed_and_edited'
    when reason like 'alike %' then 'secondary_key'
    when reason = 'the application was faster' then 'concurrent_write'
    when reason = 'left out' then 'left_out'
    else split_part(reason, ' ', 1) end,
  reason_detail = case
    when reason ~ '^(run|changed since run) [0-9]+' then substring(reason from '[0-9]+')
    when reason like 'alike %' then substr(reason, 7)
    when reason in ('the application was faster', 'left out') then null
    else nullif(substr(reason, length(split_part(reason, ' ', 1)) + 2), '') end
 where reason is not null;
alter table pgfold.crosswalk drop column reason;
alter table pgfold.crosswalk add column reason text generated always as (
    case reason_code when 'earlier_run' then 'run ' || reason_detail
      when 'changed_since_run' then 'changed since run ' || reason_detail
      when 'changed_and_edited' then 'changed since run ' || reason_detail || ', edited in the target'
      when 'secondary_key' then 'alike ' || reason_detail
      when 'concurrent_write' then 'the application was faster'
      when 'left_out' then 'left out'
      else reason_code || coalesce(' ' || reason_detail, '') end) stored;
-- they are computed again before each run
delete from pgfold.verdict;
