-- what is joined was counted nowhere: a planner that takes it for one row would go through the other side for each,
-- one that takes it for millions would sort whole rows on disk, and one that fears long buckets would hash the wider side
set local enable_nestloop = off;
set local enable_mergejoin = off;
set local cpu_operator_cost = 0.00001;
