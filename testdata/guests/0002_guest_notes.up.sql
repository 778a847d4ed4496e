alter table guests add column vip boolean not null default false,
  add constraint guests_vip_stays check (not vip or nights > 2);
