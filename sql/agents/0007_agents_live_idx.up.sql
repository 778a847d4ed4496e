-- Live agents by category, as the registry lists them; built while the application goes on.
create index concurrently if not exists agents_live_category_idx on agents (category, name) where deleted_at is null;
