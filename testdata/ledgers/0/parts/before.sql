-- Two stock lists of a workshop, and the table of parts that they go into.
create table bins (
  bin_id  integer generated always as identity primary key,
  code    text not null unique,
  caption text not null
);
insert into bins (code, caption) values ('STEEL', 'Steel'), ('BRASS', 'Brass'), ('MISC', 'Everything else');

create table parts (
  part_id   bigint generated always as identity primary key,
  label     varchar(20) not null,
  on_hand   integer not null default 0 check (on_hand >= 0),
  price     numeric(8, 2),
  note      text,
  extra     jsonb not null default '{}',
  gone_on   date
);
insert into parts (label, on_hand, price, note) values
  ('Bolt M6', 40, 0.10, null),
  ('Washer', 500, 0.01, 'counted in spring'),
  ('Hinge', 12, 2.50, null);

create table old_parts (no integer primary key, label text, stock text, price numeric, material text, remark text, state text not null);
insert into old_parts values
  (1, 'Nut M6',             '30',  0.05, 'steel', 'from the fair', 'ok'),
  (2, 'Washer',             '90',  0.02, 'steel', null,            'ok'),      -- the target has it
  (3, 'Rivet',              '200', 0.03, 'brass', null,            'ok'),
  (4, 'Rivet',              '150', 0.03, 'brass', 'second shelf',  'ok'),      -- twice in this source
  (5, 'Spring',             'x',   1.20, 'steel', null,            'ok'),      -- no number
  (6, 'Clamp with a very long name', '4', 9.90, 'steel', null,     'ok'),      -- too long
  (7, 'Pin',                '11',  0.07, null,    null,            'scrap'),   -- filtered
  (8, 'Bracket',            '7',   3.40, 'wood',  null,            'ok');

create table csv_parts (id uuid primary key, label text not null, qty integer, memo text);
insert into csv_parts values
  ('00000000-0000-0000-0000-00000000000a', 'Hinge', 3, 'brass hinge'),         -- merged into the target's
  ('00000000-0000-0000-0000-00000000000b', 'Bracket', 2, 'steel bracket'),     -- merged into the first source's
  ('00000000-0000-0000-0000-00000000000c', 'Valve', 5, 'brass valve'),
  ('00000000-0000-0000-0000-00000000000d', 'Gasket', -1, 'negative');          -- the check on on_hand
