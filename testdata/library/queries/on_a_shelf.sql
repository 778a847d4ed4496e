-- A row is a live item with the caption of its main shelf.
select i.item_key, i.title, s.caption
from items i
join item_shelves m on m.item = i.item_id and m.main
join shelves s on s.shelf_id = m.shelf
where i.removed_on is null
order by s.caption, i.title, i.item_id;
