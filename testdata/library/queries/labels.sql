-- A row is a label as the printer gets it.
select item_label(item_id) from items order by item_id;
