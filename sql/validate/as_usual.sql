-- as the server has them
set local enable_nestloop to default;
set local enable_mergejoin to default;
set local cpu_operator_cost to default;
