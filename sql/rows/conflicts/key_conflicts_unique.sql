      -- contenders for one entry of another unique index
      select r.source, r.id, 2 as weight, 'unique' as verdict, ${reason}::text as reason, r.winner_source, r.winner, null::text as winner_target, false as key_held, r.entry as claim, ${n}::int as claim_on
      from (
        select c.source, c.id, c.entry::text as entry, first_value(c.source) over best as winner_source, first_value(c.id) over best as winner,
               row_number() over best as place, count(*) over best as better
          from (
${contenders}
          ) c
         where c.entry is distinct from null and c.ok
        window best as (partition by c.entry order by c.place, c.rank)
      ) r
      where r.place > 1
