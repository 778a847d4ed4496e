-- The reading room's list shows the key, and the label printer prints it.
create or replace view item_list as
  select item_id, title, author, on_loan, item_key from items where removed_on is null;

create or replace function item_label(wanted bigint) returns text language sql stable as
  'select coalesce(item_key || '': '', '''') || title from items where item_id = wanted';
