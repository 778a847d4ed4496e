-- A key that says which part it is, whatever list it came from.
alter table parts add column part_key text;
create unique index parts_part_key_key on parts (part_key);
