-- one row: the chain of the consolidation $1, looked at link by link; $2 and $3 are the head that must be in it
with chain as (
  select a.*, row_number() over w as n, lag(a.digest) over w as before,
         encode(sha256(convert_to((select string_agg(
           case when f is null then '-' else octet_length(convert_to(f, 'UTF8')) || ':' || f end, '' order by i)
           from unnest(array[a.previous, a.consolidation, a.seq::text,
             to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
             a.run::text, a.who, a.client, a.event, a.detail]) with ordinality as x(f, i)), 'UTF8')), 'hex') as computed
    from pgfold.audit a where a.consolidation = $1 window w as (order by a.seq)
), said as (
  select distinct on (c.run) c.run, substr(c.event, 5) as state, (c.detail::jsonb)->'totals' as totals
    from chain c where c.computed = c.digest and c.event in ('run requested', 'run analysing', 'run executing', 'run validating', 'run completed',
      'run failed', 'run stopped', 'run rolled back') order by c.run, c.seq desc
)
select (select count(*) from chain) as rows,
       (select max(seq) from chain) as last_seq,
       (select digest from chain order by seq desc limit 1) as last_digest,
       (select min(seq) from chain where seq <> n) as gap_at,
       (select coalesce(jsonb_agg(seq order by seq), '[]') from chain where computed <> digest) as altered,
       (select coalesce(jsonb_agg(seq order by seq), '[]') from chain where previous <> coalesce(before, repeat('0', 64))) as unlinked,
       (select coalesce(jsonb_agg(seq order by seq), '[]') from chain where event !~ '^(run|step|checks|plan|gate|lease|backup|approval) ') as strange,
       -- a clock may be set back a little; a row that was slipped in tells another day
       (select coalesce(jsonb_agg(c.seq order by c.seq), '[]') from chain c join chain h on h.seq = $2::text::bigint
         where c.seq > h.seq and c.at < h.at - interval '1 minute') as backdated,
       (select coalesce(jsonb_agg(e.told order by e.seq), '[]') from (
         select c.seq, c.event || coalesce(' (run ' || c.run || ')', '') || ', ' || to_char(c.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC, by ' || c.who as told
           from chain c where c.seq > $2::text::bigint order by c.seq limit 20) e) as later,
       (select digest from chain where seq = $2::text::bigint) = $3 as head_found,
       (select coalesce(jsonb_agg(s.run order by s.run), '[]') from said s
         left join pgfold.run r on r.run = s.run where r.state is distinct from s.state) as state_differs,
       (select coalesce(jsonb_agg(s.run order by s.run), '[]') from said s join pgfold.run r on r.run = s.run
         cross join lateral (select sum(read) as read, sum(inserted) as inserted, sum(rejected) as rejected, sum(merged) as merged
           from pgfold.batch b where b.run = s.run and b.committed_at is not null) b
         where s.state in ('completed', 'rolled back') and jsonb_typeof(s.totals) = 'object'
           and (b.read, b.inserted, b.rejected, b.merged) is distinct from
             ((s.totals->>'read')::numeric, (s.totals->>'inserted')::numeric, (s.totals->>'rejected')::numeric, (s.totals->>'merged')::numeric)
       ) as totals_differ,
       (select coalesce(jsonb_agg(r.run order by r.run), '[]') from pgfold.run r
         where r.consolidation = $1 and not exists (select from chain c where c.run = r.run and c.event like 'run %')) as without_event,
       (select coalesce(jsonb_agg(c.run order by c.run), '[]') from chain c join pgfold.run r using (run)
         where c.event = 'run requested' and c.computed = c.digest
           and ((c.detail::jsonb)->>'plan_digest', (c.detail::jsonb)->>'plan_sha256') is distinct from
             (r.plan_digest, encode(sha256(convert_to(r.plan::text, 'UTF8')), 'hex'))) as plan_differs,
       (select count(*) from pg_trigger where tgrelid = to_regclass('pgfold.audit') and tgname in ('audit_append', 'audit_refuse')
           and tgenabled in ('O', 'A')) = 2 as protected
