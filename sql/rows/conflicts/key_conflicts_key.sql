      -- contenders for one key
      select r.source, r.id, 1 as weight,
             case when r.joined then 'ambiguous_key' else 'lost' end as verdict,
             'key'::text as reason, r.winner_source, r.winner, r.winner_target, r.held as key_held, r.key as claim, null::int as claim_on, r.place
      from (
        select c.source, c.id, c.held, c.key,
               bool_or(c.apart) over (partition by c.key) as joined,
               first_value(c.source) over best as winner_source,
               first_value(c.id) over best as winner,
               first_value(c.standing_target) over best as winner_target,
               first_value(c.ok) over best as winner_ok,
               row_number() over best as place
          from (
            select a.*, a.joins and count(*) over (partition by a.key, a.source) > 1 as apart
            from (
${contenders}
            ) a
          ) c
        -- a row of the target that holds the key is filled from the best row that may fill it
        window best as (partition by c.key order by c.ok desc, c.standing desc, c.held and not c.merges, c.place, c.rank)
      ) r
      -- where even the best would be rejected, each is rejected for itself
      where r.place > 1 and (r.winner_ok or r.held) or r.joined
