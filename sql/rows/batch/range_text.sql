-- one value: the text of a range whose ends' texts depend on the time zone
case when isempty(${v}) then 'empty'
     when ${v} is not null then
       case when lower_inc(${v}) then '[' else '(' end || coalesce(${lower}, '') || ',' || coalesce(${upper}, '') || case when upper_inc(${v}) then ']' else ')' end
end
