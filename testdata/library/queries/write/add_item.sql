-- A row is the item that the desk adds, as it did before the consolidation.
insert into items (title, author, subjects) values ('A Gift without a Barcode', 'unknown', '{poetry}')
returning item_id, accession, title, title_length;
