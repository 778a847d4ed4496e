-- one row: day (1 is Monday) and second of the day in the zone $1, by the server's clock
select extract(isodow from clock_timestamp() at time zone $1)::int as day,
       extract(epoch from (clock_timestamp() at time zone $1)::time)::int as second
