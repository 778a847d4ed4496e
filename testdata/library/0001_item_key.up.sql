-- The identity of an item across all sources.
alter table items add column if not exists item_key text;
create unique index if not exists items_item_key_key on items (item_key);
