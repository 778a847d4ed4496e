-- the table that both books fold into
create table guests (
  guest_id bigint generated always as identity primary key,
  mail     text not null unique,
  name     varchar(10) not null,
  house    text references houses,
  nights   integer not null default 1 check (nights > 0),
  born     date,
  card     text,
  rest     jsonb not null default '{}',
  left_on  date
);
create unique index guests_card_key on guests (card) where card <> '';
