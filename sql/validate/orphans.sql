-- one value: for each reference of one table how many there are, and those that point to nothing
select jsonb_build_array(${each}) as found
  from ${table} r
  ${joins}
