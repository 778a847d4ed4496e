-- Adds as many legacy rows as the setting bench.rows says, half of them to each table; the ids are random, the rest
-- comes in order. 2 % share their key with the row before, 0.1 % hold a value outside of its `map`, one row in a
-- hundred has 10 kB of jsonb, the others 300 bytes.
alter table dh_agent drop constraint dh_agent_status_check;

insert into dh_agent (id, tenant_id, code, name, unique_id, agent_type, model_config, capabilities, prompt_templates,
  autonomy_level, success_rate, total_executions, estimated_cost_per_run, total_cost, status, description, tags,
  metadata, created_at, updated_at)
select md5('bench dh_agent:' || n)::uuid, t.id, 'B-' || lpad(n::text, 8, '0'), p.area || ' Planner ' || n,
  'B-' || lpad(n::text, 8, '0'), (array['SPECIALIST', 'VALIDATOR', 'EXECUTOR', 'RETRIEVER'])[1 + n % 4],
  '{"model": "gpt-4o", "temperature": 0.2, "max_tokens": 2000}', '["draft", "review"]',
  jsonb_build_object('system', 'You are agent ' || n || ' for ' || p.phrase || '.'),
  (array['SUPERVISED', 'FULL_AUTO', 'HUMAN_APPROVAL_REQUIRED'])[1 + n % 3], (n % 10000) / 100.0, n % 500, 0.05, (n % 500) * 0.05,
  case when n % 500 = 7 then 'archived' else (array['active', 'active', 'testing', 'inactive', 'deprecated'])[1 + n % 5] end,
  'Plans the next quarter for ' || p.phrase || '.', array[p.tag],
  jsonb_build_object('note', case when n % 100 = 3
      then (select string_agg(md5(n || ' ' || i), '') from generate_series(1, 310) i)
      else md5(n::text) || md5('a' || n) || md5('b' || n) || md5('c' || n) end)
  || case when n % 2 = 0 then jsonb_build_object('domains', jsonb_build_array(
       (array['clinical_development', 'regulatory_affairs', 'market_access', 'medical_affairs'])[1 + (n / 2) % 4])) else '{}' end,
  timestamptz '2020-01-01 00:00:00+00' + n * interval '1 minute', timestamptz '2020-06-01 00:00:00+00' + n * interval '1 minute'
from generate_series(1, current_setting('bench.rows')::int / 2) as n
join (values
  (0, 'Hospital Ward', 'hospital wards and their EHR', 'hospital'),
  (1, 'Insurer', 'health plans and their claims', 'payer'),
  (2, 'Trial Site', 'clinical trial sites with the CRO', 'clinical-trial'),
  (3, 'Device Maker', 'medical device teams', 'medical-device'),
  (4, 'Laboratory', 'diagnostics laboratories and their assays', 'diagnostics'),
  (5, 'Biotech', 'biotech companies with a gene therapy', 'biotech'),
  (6, 'Brand Team', 'drug launches of pharma companies', 'pharma')) as p (k, area, phrase, tag) on p.k = n % 7
join (select id, row_number() over (order by slug) - 1 as k, count(*) over () as of_all from tenants) t on t.k = n % t.of_all
order by n;

insert into ai_agents (id, name, description, system_prompt, model, color, capabilities, temperature, max_tokens,
  is_custom, is_public, created_at, updated_at)
select md5('bench ai_agent:' || n)::uuid, p.area || ' Guide No ' || lpad((case when n % 25 = 0 then n - 1 else n end)::text, 8, '0'),
  'Guides newcomers through ' || p.phrase || '.',
  'You work for ' || p.phrase || '. Keep to what you were given. ' || md5(n::text) || md5('p' || n) || md5('q' || n),
  'gpt-4', '#0f766e', '{chat}', (n % 10) / 10.0, 1000 + n % 3000, n % 3 = 0, n % 4 = 0,
  timestamptz '2020-01-01 00:00:30+00' + n * interval '1 minute', timestamptz '2020-06-01 00:00:30+00' + n * interval '1 minute'
from generate_series(1, (current_setting('bench.rows')::int + 1) / 2) as n
join (values
  (0, 'Hospital Ward', 'hospital wards and their EHR'), (1, 'Insurer', 'health plans and their claims'),
  (2, 'Trial Site', 'clinical trial sites with the CRO'), (3, 'Device Maker', 'medical device teams'),
  (4, 'Laboratory', 'diagnostics laboratories and their assays'), (5, 'Biotech', 'biotech companies with a gene therapy'),
  (6, 'Brand Team', 'drug launches of pharma companies')) as p (k, area, phrase)
  on p.k = (case when n % 25 = 0 then n - 1 else n end) % 7
order by n;
