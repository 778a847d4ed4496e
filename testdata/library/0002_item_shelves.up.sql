-- On which shelves an item stands; one of them may be its main one.
alter table shelves add column if not exists is_open boolean not null default true;

create table if not exists item_shelves (
  item     bigint not null references items (item_id) on delete cascade,
  shelf    smallint not null references shelves (shelf_id) on delete restrict,
  main     boolean not null default false,
  why      jsonb,
  placed   text,
  since    timestamptz not null default now(),
  unique (item, shelf)
);
create unique index if not exists item_shelves_one_main on item_shelves (item) where main;
create index if not exists item_shelves_shelf_idx on item_shelves (shelf);

-- Who may read the shelves may read what stands on them.
grant select on item_shelves to pgfold_test_reader;
