-- a row is a sequence that feeds a table of the run, or one that our tries of writing queries may move, before the first write
insert into pgfold.sequence_state (run, sequence, before_value, before_called)
select $1::bigint, q.sequence, q.last_value, q.is_called from (
  ${sequences}
  union all
  select distinct '"' || replace(n.nspname, '"', '""') || '"."' || replace(c.relname, '"', '""') || '"',
         coalesce(pg_sequence_last_value(s.seqrelid), s.seqstart), pg_sequence_last_value(s.seqrelid) is not null
    from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
    join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = s.seqrelid and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
    join pg_class t on t.oid = d.refobjid
   where t.relname = any (array[${tried}]) and has_sequence_privilege(s.seqrelid, 'select')
) q
on conflict do nothing
