-- version 3: the outcome of a row that an earlier run loaded is called unchanged
drop view if exists pgfold.migrations;
alter table pgfold.batch rename column settled to unchanged;
alter table pgfold.crosswalk drop constraint crosswalk_outcome_check;
update pgfold.crosswalk set outcome = 'unchanged' where outcome = 'settled';
alter table pgfold.crosswalk add constraint crosswalk_outcome_check check (outcome in
    ('inserted', 'merged', 'duplicate', 'duplicate_in_source', 'filtered', 'rejected', 'unchanged', 'pending'));
