do $do$
declare r record;
begin
  for r in select $id as id, coalesce($filter, false) as kept, $key as key, s.w, row_number() over (order by $winner) as rank from $table s loop
    begin
      insert into oracle.raw values ('$table', r.id, $place, r.rank, r.key, r.kept, $merge, null, $joins, r.w);
      if r.kept then
        insert into oracle.shadow (o_source, o_id, ukey, extra, flag$names)
          select '$table', r.id, $key, '{}', $flag$values from $table s where $id = r.id;
      end if;
    exception when others then
      insert into oracle.raw values ('$table', r.id, $place, r.rank, r.key, r.kept, $merge, sqlstate, $joins, r.w);
    end;
  end loop;
end $do$;
