//! The ledger where others made rules for all tables, and a server that is set otherwise.

use super::{Lines, SOURCE, TARGET, case};

#[test]
fn every_table_of_the_ledger_has_a_primary_key() {
    // as companies have it: whoever creates a table without one is refused
    let tables = format!(
        "{TARGET} {SOURCE} insert into item (code) values ('M-2');
         create function keyed() returns event_trigger language plpgsql as $$
         declare t record; begin
           for t in select objid from pg_event_trigger_ddl_commands() where object_type = 'table' loop
             if not exists (select from pg_index where indrelid = t.objid and indisprimary) then raise 'table % needs a primary key', t.objid::regclass; end if;
           end loop; end $$;
         create event trigger keyed on ddl_command_end when tag in ('CREATE TABLE') execute function keyed();
         set client_min_messages = error; create publication everything for all tables;"
    );
    let case = case(&tables, &Lines { source: "on_duplicate = \"merge\"", ..Lines::default() });
    case.pgfold(&["apply", "-y"]).expect(0);
    case.pgfold(&["rollback", "--level", "schema", "--execute", "-y"]).expect(0);
    case.pgfold(&["apply", "-y"]).expect(0);
    let without = "select string_agg(c.oid::regclass::text, ' ') from pg_class c where c.relnamespace = 'pgfold'::regnamespace
         and c.relkind in ('r', 'p') and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)";
    assert_eq!(case.value(without), "");
}

#[test]
fn what_an_event_trigger_says_is_shown() {
    let tables = format!(
        "{TARGET} {SOURCE} create function policy() returns event_trigger language plpgsql as $$
         begin raise 'tables are created on Mondays' using hint = 'ask the platform team', detail = 'it is not Monday'; end $$;
         create event trigger policy on ddl_command_end when tag in ('CREATE TABLE') execute function policy();"
    );
    let told = case(&tables, &Lines::default()).pgfold(&["apply", "-y"]).expect(1);
    for word in ["tables are created on Mondays", "it is not Monday", "ask the platform team", "policy()"] {
        assert!(told.stderr.contains(word), "{word}: {}", told.stderr);
    }
}

#[test]
fn a_server_that_quotes_every_name_is_read_as_any_other() {
    let tables = format!(
        "{TARGET} {SOURCE} do $$ begin execute format('alter database %I set quote_all_identifiers = on', current_database()); end $$;"
    );
    let case = case(&tables, &Lines::default());
    case.pgfold(&["doctor"]).expect(0);
    case.pgfold(&["apply", "-y"]).expect(0);
    case.pgfold(&["rollback", "--level", "schema", "--execute", "-y"]).expect(0);
    assert_eq!(case.value("select count(*) from item"), "1");
}
