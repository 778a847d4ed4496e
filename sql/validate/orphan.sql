jsonb_build_object('examined', count(*) filter (where ${given}), 'rows', count(*) filter (where ${given} and ${t}.${id} is null),
         'examples', (array_agg(concat_ws(', ', ${shown})) filter (where ${given} and ${t}.${id} is null))[1:5])
