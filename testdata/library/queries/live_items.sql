-- A row is an item in the reading room's list.
select item_id, title, author, on_loan from item_list order by item_id;
