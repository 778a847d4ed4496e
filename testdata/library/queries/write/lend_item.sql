-- A row is the loan that the desk writes.
update items set on_loan = true, times_lent = times_lent + 1
 where item_id = (select min(item_id) from items where not on_loan and removed_on is null);

insert into loans (item_id, reader, due_on)
select min(item_id), 'reader at the desk', date '2025-02-28' from items where removed_on is null
returning loan_id, item_id, due_on;
