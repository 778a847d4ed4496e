-- A row is a live agent with the agents it may hand work to, and when a person has to approve.
select a.unique_id, a.name, a.can_delegate, a.delegation_rules -> 'can_delegate_to' as can_delegate_to,
       coalesce(a.escalation_rules ->> 'approval', 'never') as approval
from agents a
where a.deleted_at is null
order by a.can_delegate desc, a.escalation_rules is null, a.name, a.id;
