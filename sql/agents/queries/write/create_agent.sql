-- A row is the agent that the application creates, as it did before the consolidation.
insert into agents (name, title, description, system_prompt, model, temperature, max_tokens, tags, category, tenant_id)
values ('Formulary Question Helper', 'Assistant', 'Answers questions on formularies.', 'You answer questions on formularies.',
        'gpt-4', 0.3, 2000, '{formulary}', 'market_access', (select id from tenants order by created_at, id limit 1))
returning id, name, is_active, sharing_mode, resource_type;
