-- version 1: the ledger knows its version, and each run the version that its stored statements were written for
create table pgfold.ledger_version (
  version int primary key,
  at timestamptz not null default clock_timestamp(),
  who text not null default session_user,
  tool_version text not null
);
-- whoever may look into the schema may know which version it has
grant select on pgfold.ledger_version to public;
alter table pgfold.run add column ledger_version int;
update pgfold.run set ledger_version = 0;
set constraints all immediate;
