select case when ${reveal} then '{}' else coalesce(r.plan -> 'sensitive', '{}') end as hidden from pgfold.run r where r.run = ${run}
