do $do$
declare r record;
begin
  for r in select $id as id, coalesce($filter, false) as kept, s.code as key, row_number() over (order by $winner) as rank from $table s loop
    begin
      insert into oracle.raw values ('$table', r.id, $place, r.rank, r.key, r.kept, $merge, null);
      if r.kept then
        insert into oracle.shadow (o_source, o_id, ukey, extra, flag$names)
          select '$table', r.id, s.code, '{}', $flag$values from $table s where $id = r.id;
      end if;
    exception when others then
      insert into oracle.raw values ('$table', r.id, $place, r.rank, r.key, r.kept, $merge, sqlstate);
    end;
  end loop;
end $do$;
