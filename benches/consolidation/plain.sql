-- What a DBA writes instead, one statement per legacy table; it gives the very rows that the consolidation gives.
insert into agents (unique_id, name, slug, description, system_prompt, model, temperature, max_tokens, model_config,
  capabilities, tags, agent_category, version, tenant_id, owner_tenant_id, can_delegate, delegation_rules,
  escalation_rules, created_at, updated_at, is_active, category, metadata)
select 'DH_AGENT_' || code, name, btrim(regexp_replace(lower(code), '[^a-z0-9]+', '-', 'g'), '-'), description,
  prompt_templates->>'system', model_config->>'model', (model_config->>'temperature')::numeric,
  (model_config->>'max_tokens')::integer, model_config,
  case jsonb_typeof(capabilities) when 'array' then array(select jsonb_array_elements_text(capabilities)) else '{}'::text[] end,
  tags, lower(agent_type), version, tenant_id, tenant_id,
  coalesce((jsonb_typeof(can_delegate_to) = 'array' and can_delegate_to <> '[]') or metadata ? 'can_delegate_to', false),
  case when jsonb_typeof(can_delegate_to) = 'array' and can_delegate_to <> '[]' then jsonb_build_object('can_delegate_to', can_delegate_to)
       when metadata ? 'can_delegate_to' then jsonb_build_object('can_delegate_to', metadata->'can_delegate_to') end,
  case autonomy_level when 'HUMAN_APPROVAL_REQUIRED' then jsonb_build_object('approval', 'always')
                      when 'SUPERVISED' then jsonb_build_object('approval', 'on_exception') end,
  created_at, updated_at, status in ('active', 'testing'),
  case metadata->'domains'->>0 when 'clinical_development' then 'clinical' when 'clinical_operations' then 'clinical_operations'
    when 'biostatistics' then 'analytical' when 'pharmacovigilance' then 'clinical' when 'regulatory_affairs' then 'regulatory'
    when 'medical_affairs' then 'medical_affairs' when 'market_access' then 'market_access' when 'heor' then 'market_access'
    when 'product_development' then 'product_development' when 'quality_management' then 'quality' when 'digital_health' then 'technical'
    when 'data_science' then 'analytical' when 'patient_engagement' then 'patient_engagement' else 'general' end,
  jsonb_build_object('legacy', jsonb_build_object('pgfold_source', 'dh_agent', 'id', id, 'code', code, 'unique_id', unique_id,
    'agent_type', agent_type, 'framework', framework, 'capabilities', capabilities, 'tools', tools,
    'prompt_templates', prompt_templates, 'rag_sources', rag_sources, 'autonomy_level', autonomy_level,
    'max_iterations', max_iterations, 'timeout_seconds', timeout_seconds, 'guardrails', guardrails,
    'validation_rules', validation_rules, 'output_schema', output_schema, 'success_rate', success_rate,
    'avg_execution_time_sec', avg_execution_time_sec, 'total_executions', total_executions, 'last_executed_at', last_executed_at,
    'estimated_cost_per_run', estimated_cost_per_run, 'total_cost', total_cost, 'status', status, 'changelog', changelog,
    'depends_on_agents', depends_on_agents, 'can_delegate_to', can_delegate_to, 'metadata', metadata))
from dh_agent
where status in ('active', 'testing', 'inactive', 'deprecated', 'failed') ${range}
order by 1, created_at
on conflict (unique_id) do nothing;

insert into agents (unique_id, name, slug, description, system_prompt, model, temperature, max_tokens, capabilities,
  avatar_url, category_color, category, is_public, resource_type, created_by, created_by_user_id, created_at, updated_at, metadata)
select 'AI_AGENT_' || coalesce(nullif(btrim(regexp_replace(upper(name), '[[:space:][:punct:]]+', '_', 'g'), '_'), ''), id::text),
  name, btrim(regexp_replace(lower(name), '[^a-z0-9]+', '-', 'g'), '-'), description, system_prompt, model, temperature,
  max_tokens, capabilities, case when avatar ~ '^(https?:/)?/' then avatar end, color, 'general', coalesce(is_public, false),
  case when is_custom then 'custom' else 'platform' end, (select p.id from profiles p where p.id = created_by), created_by,
  created_at, updated_at,
  jsonb_build_object('legacy', jsonb_build_object('pgfold_source', 'ai_agents', 'id', id, 'organization_id', organization_id,
    'avatar', avatar, 'rag_enabled', rag_enabled, 'is_custom', is_custom, 'is_public', is_public))
from ai_agents
where true ${range}
order by 1, created_at
on conflict (unique_id) do nothing;
