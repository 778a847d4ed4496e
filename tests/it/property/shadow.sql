-- What plain inserts say of each legacy row by itself: the target without its unique keys.
set timezone = 'Europe/Vienna';
create schema oracle;
create function oracle.unmapped() returns boolean language plpgsql as 'begin raise exception using errcode = ''UNMAP''; end';
create table oracle.raw (source text, id text, place int, rank bigint, key text, kept boolean, merges boolean, code text, joins boolean, w int);
create table oracle.raises (source text, id text);
create table oracle.shadow (like things including defaults including constraints including generated);
alter table oracle.shadow drop column tid, add column o_source text, add column o_id text;
