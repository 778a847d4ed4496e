//! Insert triggers fire for whatever is inserted; what is deferred is judged inside its batch.

use super::{Lines, SOURCE, TARGET, case};

const WORDS: &str = "alter table item add words tsvector;
     create function item_words() returns trigger language plpgsql as $$ begin new.words := to_tsvector('simple', coalesce(new.name, '')); return new; end $$;
     create trigger item_words before insert or update on item for each row execute function item_words();";
const ALL_HAVE_WORDS: &str = "select count(*) filter (where words is null or words <> to_tsvector('simple', coalesce(name, ''))) from item where code like 'M-%'";

#[test]
fn an_insert_trigger_fires_in_a_batch_that_may_merge() {
    let tables = format!("{TARGET} {SOURCE} {WORDS} insert into item (code) values ('M-2');");
    let lines = Lines { target: "triggers = [\"item_words\"]", source: "on_duplicate = \"merge\"", ..Lines::default() };
    let case = case(&tables, &lines);
    let before = case.value("select string_agg(row_to_json(item)::text, '' order by id) from item");
    case.pgfold(&["apply", "-y"]).expect(0);
    assert_eq!(case.outcomes_by_id(), "1 inserted, 2 merged, 3 inserted");
    assert_eq!(case.value(ALL_HAVE_WORDS), "0");
    // the words of the merged row were none of what the merge filled, and go back with it
    case.pgfold(&["rollback", "--level", "purge", "--execute", "-y"]).expect(0);
    assert_eq!(case.value("select string_agg(row_to_json(item)::text, '' order by id) from item"), before);
}

#[test]
fn an_insert_trigger_fires_when_rows_come_back_after_a_rollback() {
    let tables = format!("{TARGET} {SOURCE} {WORDS}");
    let case = case(&tables, &Lines { target: "triggers = [\"item_words\"]", ..Lines::default() });
    let rows = "select string_agg(concat_ws('|', code, name, words), ' ' order by code) from item";
    case.pgfold(&["apply", "-y"]).expect(0);
    let first = case.value(rows);
    case.pgfold(&["rollback", "--level", "purge", "--execute", "-y"]).expect(0);
    case.pgfold(&["apply", "-y"]).expect(0);
    assert_eq!(case.value(rows), first);
}

#[test]
fn an_update_trigger_sleeps_for_rows_of_before_and_is_awake_afterwards() {
    let tables = format!(
        "{TARGET} {SOURCE} alter table item add touched int not null default 0;
         create function touch() returns trigger language plpgsql as $$ begin new.touched := old.touched + 1; return new; end $$;
         create trigger touch before update on item for each row execute function touch();
         insert into item (code) values ('M-2');"
    );
    let case = case(&tables, &Lines { source: "on_duplicate = \"merge\"", ..Lines::default() });
    case.pgfold(&["apply", "-y"]).expect(0);
    assert_eq!(case.value("select name || touched from item where code = 'M-2'"), "better0");
    case.database.psql("update item set name = 'x' where code = 'M-2'");
    assert_eq!(case.value("select touched from item where code = 'M-2'"), "1");
}

#[test]
fn pending_events_of_deferred_constraints_are_handled_before_triggers_are_woken() {
    let tables = format!(
        "create table kind (id int primary key); insert into kind values (1); {TARGET} {SOURCE}
         alter table item add kind int references kind deferrable initially deferred;
         create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
         create trigger touch before update on item for each row execute function touch();
         insert into item (code) values ('M-2');"
    );
    let lines =
        Lines { source: "on_duplicate = \"merge\"", columns: "name = \"name\"\nkind = \"1\"", ..Lines::default() };
    let case = case(&tables, &lines);
    case.pgfold(&["apply", "-y"]).expect(0);
    assert_eq!(case.outcomes_by_id(), "1 inserted, 2 merged, 3 inserted");
    case.pgfold(&["rollback", "--level", "purge", "--execute", "-y"]).expect(0);
    case.pgfold(&["apply", "-y"]).expect(0);
    assert_eq!(case.value("select count(*) from item where kind = 1"), "3");
}

#[test]
fn what_is_deferred_refuses_a_row_and_not_the_run() {
    for (deferred, code) in [
        ("create function tagged() returns trigger language plpgsql as $$ begin if new.name = 'better' then raise 'item % has no tag', new.code using errcode = '23514'; end if; return null; end $$;
          create constraint trigger tagged after insert on item deferrable initially deferred for each row execute function tagged()", "23514"),
        ("create function tagged() returns trigger language plpgsql as $$ begin if new.name = 'better' then raise 'item % has no tag', new.code using errcode = 'TAG01'; end if; return null; end $$;
          create constraint trigger tagged after insert on item deferrable initially deferred for each row execute function tagged()", "TAG01"),
        ("alter table item add constraint tagged exclude using btree (name with =) deferrable initially deferred; insert into item (code, name) values ('T', 'better')", "23P01"),
    ] {
        let tables = format!("{TARGET} {SOURCE} {deferred};");
        let lines = Lines { target: "triggers = [\"tagged\"]\nmax_rejects = 1", ..Lines::default() };
        let case = case(&tables, &lines);
        case.pgfold(&["apply", "-y", "--batch-rows", "2"]).expect(0);
        assert_eq!(case.outcomes_by_id(), "1 inserted, 2 rejected, 3 inserted", "{code}");
        assert_eq!(case.value("select code from pgfold.reject"), code);
        if code != "23P01" {
            assert_eq!(case.value("select message from pgfold.reject"), "item M-2 has no tag");
        }
    }
}

#[test]
fn a_trigger_that_changes_the_key_is_named_as_that() {
    let tables = format!(
        "{TARGET} {SOURCE} create function lowered() returns trigger language plpgsql as $$ begin new.code := lower(new.code); return new; end $$;
         create trigger lowered before insert on item for each row execute function lowered();"
    );
    let case = case(&tables, &Lines { target: "triggers = [\"lowered\"]", ..Lines::default() });
    let told = case.pgfold(&["apply", "-y"]).expect(8);
    assert!(told.stderr.contains("a trigger of the target changed the key of 3 rows"), "{}", told.stderr);
    assert_eq!(case.value("select count(*) from item"), "1", "nothing of the batch was written");
}

#[test]
fn a_trigger_that_drops_a_row_or_puts_it_elsewhere_stops_the_run() {
    // in a partitioned table a row that the trigger itself put into a partition is found by its key
    for body in ["return null", "insert into elsewhere values (new.*); return null"] {
        let tables = format!(
            "{TARGET} {SOURCE} create table elsewhere (like item);
             create function route() returns trigger language plpgsql as $$ begin if new.name <> 'better' then return new; end if; {body}; end $$;
             create trigger route before insert on item for each row execute function route();"
        );
        let case = case(&tables, &Lines { target: "triggers = [\"route\"]", ..Lines::default() });
        let told = case.pgfold(&["apply", "-y"]).expect(8);
        assert!(told.stderr.contains("1 row of old_item inserted without an error and not found"), "{}", told.stderr);
        assert_eq!(case.value("select (select count(*) from item) || ' ' || (select count(*) from elsewhere)"), "1 0");
    }
}

#[test]
fn a_trigger_that_waits_for_a_lock_of_the_run_itself_is_told_so() {
    let tables = format!(
        "{TARGET} {SOURCE} create function back() returns trigger language plpgsql as $$ begin insert into old_item values (new.id + 1000, new.name) on conflict do nothing; return new; end $$;
         create trigger back after insert on item for each row execute function back();"
    );
    let case = case(&tables, &Lines { target: "triggers = [\"back\"]", ..Lines::default() });
    let told = case.pgfold(&["apply", "-y"]).expect(8);
    assert!(
        told.stderr.contains("this run itself keeps locked") && told.stderr.contains("--online"),
        "{}",
        told.stderr
    );
    assert!(told.stderr.contains("back()"), "the trigger's function is named: {}", told.stderr);
}
