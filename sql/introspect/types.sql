-- a row is a type as written, and as the server spells it without length or precision
select jsonb_build_array(w, to_regtype(regexp_replace(w, '\s*\([^)]*\)', ''))::text) as pair
  from unnest($1::text[]) w where to_regtype(regexp_replace(w, '\s*\([^)]*\)', '')) is not null
