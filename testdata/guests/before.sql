-- Two guest books, and no table yet that they could fold into.
create table houses (house text primary key, town text not null);
insert into houses values ('H1', 'Linz'), ('H2', 'Graz');

create table old_guests (no int primary key, mail text, full_name text, house text, nights text, born text, card text);
insert into old_guests values
  (1, 'ann@example.org', 'Ann', 'H1', '3', '1990-02-01', 'A1'),
  (2, 'bob@example.org', 'Bob', 'H2', '1', '1985-07-09', 'B2'),
  (3, 'ANN@example.org', 'Ann again', 'H1', '2', '1990-02-01', 'A3'),
  (4, 'cid@example.org', 'Cid', 'H9', '2', null, 'C4'),       -- no such house
  (5, 'dan@example.org', 'Dan', 'H1', '0', null, 'D5'),       -- the check on nights
  (6, 'eve@example.org', 'Eve', 'H1', 'x', null, 'E6'),       -- no number
  (7, 'fay@example.org', null, 'H2', '4', null, 'F7'),        -- no name
  (8, 'gus@example.org', 'Gus', 'H2', '5', null, 'A1'),       -- the card is Ann's
  (9, 'hal@example.org', 'Hal the very long name', 'H2', '6', null, 'H9'),
  (10, null, 'Ida', 'H2', '2', null, 'I10');                  -- no key

create table web_guests (id uuid primary key, mail text not null, name text not null, stay int, card text);
insert into web_guests values
  ('00000000-0000-0000-0000-000000000001', 'bob@example.org', 'Bobby', 9, 'W1'),
  ('00000000-0000-0000-0000-000000000002', 'jim@example.org', 'Jim', 2, null),
  ('00000000-0000-0000-0000-000000000003', 'kay@example.org', 'Kay', 3, 'B2');  -- the card is Bob's
