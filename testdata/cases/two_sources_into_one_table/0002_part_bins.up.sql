-- In which bins a part belongs.
create table part_bins (
  part   bigint not null references parts (part_id) on delete cascade,
  bin    integer not null references bins (bin_id),
  main   boolean not null default false,
  why    jsonb,
  unique (part, bin)
);
create index part_bins_bin_idx on part_bins (bin);
create view part_list as select part_id, label, on_hand from parts where gone_on is null;
