-- Items on the shelves by title; built while readers go on.
create index concurrently if not exists items_live_title_idx on items (title) where removed_on is null;
