create table items (id bigint generated always as identity primary key, item_key text unique, name text, extra jsonb);
create table old_items (no integer primary key, name text);
create table csv_items (no integer primary key, name text);
