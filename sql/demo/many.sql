-- Adds as many legacy rows as the setting demo.rows says, half of them to each legacy table, all of them valid.
-- One in fifty of ai_agents takes the name of the row before it.
with place (k, area, phrase, tag) as (values
  (0, 'Hospital Ward', 'hospital wards and their EHR', 'hospital'),
  (1, 'Insurer', 'health plans and their claims', 'payer'),
  (2, 'Trial Site', 'clinical trial sites with the CRO', 'clinical-trial'),
  (3, 'Device Maker', 'medical device teams', 'medical-device'),
  (4, 'Laboratory', 'diagnostics laboratories and their assays', 'diagnostics'),
  (5, 'Pharmacy', 'pharmacy chains and speciality pharmacies', 'pharmacy'),
  (6, 'Biotech', 'biotech companies with a gene therapy', 'biotech'),
  (7, 'App Studio', 'digital health apps and wearables', 'digital-health'),
  (8, 'Plant', 'contract manufacturing plants', 'cdmo'),
  (9, 'Brand Team', 'drug launches of pharma companies', 'pharma')
), duty (k, noun, verb) as (values
  (0, 'Planner', 'Plans the next quarter for'), (1, 'Reviewer', 'Reviews documents written by'),
  (2, 'Forecaster', 'Forecasts demand of'), (3, 'Auditor', 'Audits records kept by'),
  (4, 'Coach', 'Coaches new colleagues in'), (5, 'Summariser', 'Summarises what was decided in'),
  (6, 'Scheduler', 'Schedules work across')
), tenant as (
  select id, row_number() over (order by slug) - 1 as k, count(*) over () as of_all from tenants
)
insert into dh_agent (id, tenant_id, code, name, unique_id, agent_type, model_config, capabilities, prompt_templates,
  autonomy_level, success_rate, total_executions, estimated_cost_per_run, total_cost, status, description, tags,
  metadata, created_at, updated_at)
select md5('many dh_agent:' || n)::uuid, t.id, 'AGT-MANY-' || lpad(n::text, 8, '0'), p.area || ' ' || d.noun || ' ' || n,
  'AGT-MANY-' || lpad(n::text, 8, '0'),
  (array['SPECIALIST', 'VALIDATOR', 'EXECUTOR', 'RETRIEVER', 'SYNTHESIZER'])[1 + n % 5],
  '{"model": "gpt-4o", "temperature": 0.2, "max_tokens": 2000}', '["draft", "review"]',
  jsonb_build_object('system', 'You are agent ' || n || ' for ' || p.phrase || '.'),
  (array['SUPERVISED', 'FULL_AUTO', 'HUMAN_APPROVAL_REQUIRED'])[1 + n % 3], (n % 10000) / 100.0, n % 500, 0.05, (n % 500) * 0.05,
  (array['active', 'active', 'active', 'testing', 'inactive', 'deprecated', 'failed'])[1 + n % 7],
  d.verb || ' ' || p.phrase || '.', array[p.tag],
  case when n % 2 = 0 then jsonb_build_object('domains', jsonb_build_array(
    (array['clinical_development', 'regulatory_affairs', 'market_access', 'medical_affairs', 'digital_health'])[1 + (n / 2) % 5]))
  else '{}' end,
  timestamptz '2020-01-01 00:00:00+00' + n * interval '1 minute', timestamptz '2020-06-01 00:00:00+00' + n * interval '1 minute'
from generate_series(1, current_setting('demo.rows')::int / 2) as n
join place p on p.k = n % 10
join duty d on d.k = n % 7
join tenant t on t.k = n % t.of_all;

with place (k, area, phrase) as (values
  (0, 'Hospital Ward', 'hospital wards and their EHR'), (1, 'Insurer', 'health plans and their claims'),
  (2, 'Trial Site', 'clinical trial sites with the CRO'), (3, 'Device Maker', 'medical device teams'),
  (4, 'Laboratory', 'diagnostics laboratories and their assays'), (5, 'Pharmacy', 'pharmacy chains and speciality pharmacies'),
  (6, 'Biotech', 'biotech companies with a gene therapy'), (7, 'App Studio', 'digital health apps and wearables'),
  (8, 'Plant', 'contract manufacturing plants'), (9, 'Brand Team', 'drug launches of pharma companies')
), duty (k, noun, verb) as (values
  (0, 'Guide', 'Guides newcomers through'), (1, 'Librarian', 'Finds documents for'), (2, 'Scribe', 'Takes notes for'),
  (3, 'Watcher', 'Watches deadlines of'), (4, 'Interpreter', 'Explains jargon of')
), numbered as (
  select n, case when n % 50 = 0 then n - 1 else n end as of from generate_series(1, (current_setting('demo.rows')::int + 1) / 2) as n
)
insert into ai_agents (id, name, description, system_prompt, model, color, capabilities, temperature, max_tokens,
  is_custom, is_public, created_at, updated_at)
select md5('many ai_agent:' || n)::uuid, p.area || ' ' || d.noun || ' No ' || of, d.verb || ' ' || p.phrase || '.',
  'You work for ' || p.phrase || '. Keep to what you were given.', 'gpt-4', '#0f766e', '{chat}',
  (n % 10) / 10.0, 1000 + n % 3000, n % 3 = 0, n % 4 = 0,
  timestamptz '2020-01-01 00:00:30+00' + n * interval '1 minute', timestamptz '2020-06-01 00:00:30+00' + n * interval '1 minute'
from numbered
join place p on p.k = of % 10
join duty d on d.k = of % 5;
