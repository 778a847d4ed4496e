select (select case when ${reveal} then '{}' else coalesce(r.plan -> 'sensitive', '{}') end from pgfold.run r where r.run = ${run}) as hidden
