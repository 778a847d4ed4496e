(pgfold_t.${c} - ${u}::text) || case when pgfold_t.${c} -> ${u} ? ${u} then jsonb_build_object(${u}::text, pgfold_t.${c} -> ${u} -> ${u}) else '{}' end
