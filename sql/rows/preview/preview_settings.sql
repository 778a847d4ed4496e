-- shaped rows are wide: they are hashed as they come, not sorted, whatever the planner thinks of how many there are
set local enable_mergejoin = off;
set local enable_sort = off;
