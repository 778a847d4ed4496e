-- Who may hand work to whom, and when a person has to look.
alter table agents add column if not exists can_delegate boolean not null default false;
alter table agents add column if not exists delegation_rules jsonb;
alter table agents add column if not exists escalation_rules jsonb;
alter table agents add column if not exists model_config jsonb;
