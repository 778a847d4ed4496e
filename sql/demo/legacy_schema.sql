-- The legacy database of the demo: three tables of agents that grew beside each other, and what hangs on them.
-- Roles belong to the whole server, so they are made only where they are missing.
do $$
declare
  wanted text;
begin
  foreach wanted in array array['pgfold_demo_app', 'pgfold_demo_reader', 'pgfold_demo_service'] loop
    begin
      if not exists (select from pg_catalog.pg_roles where rolname = wanted) then
        execute format('create role %I nologin', wanted);
      end if;
    exception when duplicate_object or unique_violation then
      null;
    end;
  end loop;
end
$$;

create function update_updated_at_column() returns trigger
language plpgsql as $$
begin
  new.updated_at = now();
  return new;
end
$$;

create table tenants (
  id         uuid primary key default gen_random_uuid(),
  name       text not null,
  slug       text not null unique,
  plan       text not null default 'standard',
  settings   jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table organizations (
  id         uuid primary key default gen_random_uuid(),
  name       varchar(255) not null,
  country    char(2),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table profiles (
  id         uuid primary key default gen_random_uuid(),
  tenant_id  uuid references tenants (id) on delete cascade,
  email      text not null unique,
  full_name  text,
  role       text not null default 'member',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table agents (
  id                  uuid primary key default gen_random_uuid(),
  name                text not null,
  description         text,
  system_prompt       text,
  model               text,
  temperature         numeric,
  max_tokens          integer,
  is_active           boolean default true,
  created_by          uuid references profiles (id),
  created_at          timestamptz default now(),
  updated_at          timestamptz default now(),
  slug                text,
  title               text,
  expertise           text[] default '{}',
  specialties         text[] default '{}',
  background          text,
  personality_traits  text[] default '{}',
  communication_style text,
  capabilities        text[] default '{}',
  avatar_url          text,
  popularity_score    integer default 0,
  rating              numeric default 0,
  total_consultations integer default 0,
  metadata            jsonb,
  tenant_id           uuid references tenants (id) on delete cascade,
  created_by_user_id  uuid,
  is_shared           boolean not null default false,
  sharing_mode        varchar(50) default 'private' check (sharing_mode in ('private', 'global', 'selective')),
  shared_with         uuid[] default '{}',
  resource_type       varchar(50) default 'custom' check (resource_type in ('platform', 'solution', 'industry', 'custom')),
  tags                text[] default '{}',
  category            text,
  access_count        integer default 0,
  last_accessed_at    timestamptz,
  agent_category      text,
  category_color      text
);

create index idx_agents_tenant_id on agents (tenant_id);
create index idx_agents_shared on agents (is_shared, sharing_mode) where is_shared;
create index idx_agents_resource_type on agents (resource_type);
create index idx_agents_tags on agents using gin (tags) where array_length(tags, 1) > 0;

create table dh_agent (
  id                     uuid primary key default gen_random_uuid(),
  tenant_id              uuid not null references tenants (id) on delete cascade,
  code                   text not null,
  name                   text not null,
  unique_id              text not null,
  agent_type             text not null
    check (agent_type in ('ORCHESTRATOR', 'SPECIALIST', 'VALIDATOR', 'EXECUTOR', 'RETRIEVER', 'SYNTHESIZER')),
  framework              text default 'langgraph',
  model_config           jsonb default '{}',
  capabilities           jsonb default '[]',
  tools                  jsonb default '[]',
  prompt_templates       jsonb default '{}',
  rag_sources            jsonb default '[]',
  autonomy_level         text default 'SUPERVISED'
    check (autonomy_level in ('FULL_AUTO', 'SUPERVISED', 'HUMAN_APPROVAL_REQUIRED')),
  max_iterations         integer default 3,
  timeout_seconds        integer default 1800,
  guardrails             jsonb default '{}',
  validation_rules       jsonb default '[]',
  output_schema          jsonb default '{}',
  success_rate           numeric(5, 2) check (success_rate between 0 and 100),
  avg_execution_time_sec integer,
  total_executions       integer default 0,
  last_executed_at       timestamptz,
  estimated_cost_per_run numeric(10, 4),
  total_cost             numeric(10, 2),
  status                 text default 'active'
    check (status in ('active', 'inactive', 'deprecated', 'testing', 'failed')),
  version                text default 'v1.0',
  changelog              jsonb default '[]',
  depends_on_agents      jsonb default '[]',
  can_delegate_to        jsonb default '[]',
  description            text,
  tags                   text[],
  metadata               jsonb default '{}',
  created_at             timestamptz not null default now(),
  updated_at             timestamptz not null default now(),
  unique (tenant_id, code),
  unique (tenant_id, unique_id)
);

create index idx_dh_agent_status on dh_agent (tenant_id, status);
create index idx_dh_agent_metadata on dh_agent using gin (metadata);

create table dh_task_agent (
  id                uuid primary key default gen_random_uuid(),
  task_code         text not null,
  agent_id          uuid not null references dh_agent (id) on delete cascade,
  fallback_agent_id uuid references dh_agent (id) on delete set null,
  execution_order   integer not null default 1,
  created_at        timestamptz not null default now(),
  updated_at        timestamptz not null default now(),
  unique (task_code, agent_id)
);

create index idx_dh_task_agent_agent on dh_task_agent (agent_id);

create table ai_agents (
  id              uuid primary key default gen_random_uuid(),
  organization_id uuid references organizations (id) on delete cascade,
  name            varchar(255) not null,
  description     text,
  system_prompt   text not null,
  model           varchar(100) default 'gpt-4',
  avatar          varchar(50),
  color           varchar(50),
  capabilities    text[] default '{}',
  rag_enabled     boolean default true,
  temperature     numeric(3, 2) default 0.7,
  max_tokens      integer default 2000,
  is_custom       boolean default false,
  is_public       boolean default false,
  created_by      uuid,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now()
);

create index idx_ai_agents_organization on ai_agents (organization_id);

create table chat_conversations (
  id         uuid primary key default gen_random_uuid(),
  agent_id   uuid references ai_agents (id) on delete set null,
  profile_id uuid references profiles (id) on delete cascade,
  title      text,
  messages   integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index idx_chat_conversations_agent on chat_conversations (agent_id);

create table industries (
  id             uuid primary key default gen_random_uuid(),
  unique_id      varchar(100) not null unique,
  industry_code  varchar(50) not null unique,
  industry_name  varchar(255) not null,
  naics_codes    text[],
  gics_sector    varchar(100),
  description    text,
  sub_categories jsonb default '[]',
  example_agents text[],
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now()
);

create table personas (
  id                     uuid primary key default gen_random_uuid(),
  unique_id              varchar(100) not null unique,
  name                   varchar(255) not null check (btrim(name) <> ''),
  display_name           varchar(255),
  persona_type           varchar(50),
  seniority_level        varchar(50),
  decision_authority     varchar(50),
  description            text,
  short_bio              text,
  tagline                text,
  profile                jsonb default '{}',
  responsibilities       jsonb default '[]',
  pain_points            jsonb default '[]',
  goals                  jsonb default '[]',
  attributes             jsonb default '{}',
  communication_style    jsonb default '{}',
  work_patterns          jsonb default '{}',
  preferences            jsonb default '{}',
  ai_interaction_profile jsonb default '{}',
  is_active              boolean default true,
  is_public              boolean default false,
  is_featured            boolean default false,
  is_verified            boolean default false,
  tenant_id              uuid references tenants (id) on delete cascade,
  owner_tenant_id        uuid references tenants (id) on delete set null,
  created_at             timestamptz not null default now(),
  updated_at             timestamptz not null default now(),
  created_by             uuid,
  updated_by             uuid,
  deleted_at             timestamptz,
  version                integer default 1
);

create index idx_personas_tenant on personas (tenant_id) where deleted_at is null;

do $$
declare
  touched text;
begin
  foreach touched in array array['tenants', 'organizations', 'profiles', 'agents', 'dh_agent', 'dh_task_agent',
                                 'ai_agents', 'chat_conversations', 'industries', 'personas'] loop
    execute format('create trigger %I before update on %I for each row execute function update_updated_at_column()',
                   'update_' || touched || '_updated_at', touched);
  end loop;
end
$$;

-- The bodies are strings: the server does not know that they depend on dh_agent.
create function dh_agent_for_task(wanted_task text) returns table (code text, name text, execution_order integer)
language sql stable as '
  select d.code, d.name, t.execution_order
  from dh_task_agent t join dh_agent d on d.id = t.agent_id
  where t.task_code = wanted_task and d.status = ''active''
  order by t.execution_order, d.code';

create function record_dh_agent_run(wanted_code text, cost numeric) returns integer
language plpgsql as '
declare
  runs integer;
begin
  update dh_agent
     set total_executions = total_executions + 1, total_cost = coalesce(total_cost, 0) + cost, last_executed_at = now()
   where code = wanted_code
  returning total_executions into runs;
  return runs;
end';

alter table agents enable row level security;
create policy agents_tenant_select on agents for select
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
         or (is_shared and sharing_mode = 'global')
         or (is_shared and sharing_mode = 'selective'
             and nullif(current_setting('app.tenant_id', true), '')::uuid = any (shared_with)));
create policy agents_tenant_insert on agents for insert
  with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy agents_tenant_update on agents for update
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy agents_tenant_delete on agents for delete
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
-- On, and without a policy: every other role sees no row at all.
alter table ai_agents enable row level security;

grant select, insert, update, delete on agents, chat_conversations to pgfold_demo_app;
grant select on tenants, organizations, profiles, dh_agent, dh_task_agent, ai_agents, industries, personas
  to pgfold_demo_app;
grant select on agents, industries, personas to pgfold_demo_reader;
grant all on agents, dh_agent, ai_agents to pgfold_demo_service;
grant select on tenants, profiles, industries, personas to pgfold_demo_service;

comment on table agents is 'Agents of the workbench, per tenant';
comment on table dh_agent is 'Agents of the digital health workflows';
comment on table ai_agents is 'Agents of the first chat product';
