-- version 2: what kind of failure ended a run is a column; of earlier runs it is read once from the error's SQLSTATE and first words
alter table pgfold.run add column failure_class text check (failure_class in
    ('data', 'lock', 'connection', 'space', 'schema_drift', 'permission', 'bug', 'asked'));
update pgfold.run r set failure_class = case
    when s.code in ('55P03', '40P01', '40001', '57014', '55006') then 'lock'
    when s.code in ('42501', '25006') or s.code like '28%' then 'permission'
    when s.code = '53300' or s.code like '08%' or s.code like '57%' then 'connection'
    when s.code in ('54000', 'P0001') or s.code like '22%' or s.code like '23%' then 'data'
    when s.code = '58030' or s.code like '53%' then 'space'
    when s.code like '42%' or s.error like 'the contract does not hold%' then 'schema_drift'
    when s.error like 'connection lost while %' or s.error like 'cannot connect to %' then 'connection'
    when s.error like 'run % stopped half-way: you asked for it' or s.error like 'run % stopped half-way: gate MIG-% was not approved%' then 'asked'
    else 'bug' end
  from (
    -- the last one in parentheses is the server's
    select e.run, e.error, substring(e.error from '.*\(([0-9A-Z]{5})[,)]') as code from pgfold.run e where e.error is not null
  ) s
 where s.run = r.run;
set constraints all immediate;
