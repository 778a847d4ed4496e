//! Rows that refer to rows of the same source by ids that are kept.

use super::{Case, Lines, case};

const COLUMNS: &str = "id = \"id\"\nparent = \"parent\"\nname = \"name\"";

fn of(key: &str, rows: &str, target: &str) -> Case {
    let tables = format!(
        "create table item (id int primary key, code text unique, name text, extra jsonb, parent int constraint of_item references item {key});
         create table old_item (id int primary key, name text, parent int); insert into old_item (id, parent, name) {rows};"
    );
    case(&tables, &Lines { columns: COLUMNS, target, ..Lines::default() })
}

/// The dry run says of each row what the run does with it, whatever the batches.
#[track_caller]
fn ends(case: &Case, outcomes: &str) {
    assert_eq!(case.predicted(), outcomes, "the dry run");
    case.pgfold(&["apply", "-y", "--batch-rows", "2"]).expect(0);
    assert_eq!(case.outcomes_by_id(), outcomes, "the run");
}

#[test]
fn a_tree_loads_whole_whatever_the_batch_size() {
    for key in ["", "deferrable", "deferrable initially deferred"] {
        // a child may come before its parent in the order of ids
        for parent in ["nullif(n / 2, 0)", "case when n < 20 then n + 1 end", "case when n > 1 then n - 1 else 1 end"] {
            for size in ["1", "5", "10000"] {
                let case = of(key, &format!("select n, {parent}, 'n' || n from generate_series(1, 20) n"), "");
                let dry = case.pgfold(&["apply", "--dry-run"]).expect(0);
                assert!(!dry.stdout.contains("rejected"), "{}", dry.stdout);
                case.pgfold(&["apply", "-y", "--batch-rows", size]).expect(0);
                let same = "select count(*) from item join old_item o using (id) where item.parent is not distinct from o.parent and code = 'M-' || id";
                assert_eq!(case.value(same), "20", "{key} {parent} {size}");
            }
        }
    }
}

#[test]
fn rows_that_refer_to_each_other_in_a_circle_arrive_together() {
    let case = of("", "values (1, 2, 'a'), (2, 3, 'b'), (3, 1, 'c')", "");
    assert_eq!(case.predicted(), "1 inserted, 2 inserted, 3 inserted");
    // they are as the legacy table has them; that nobody can walk up such a tree is what check 5 says
    let told = case.pgfold(&["apply", "-y", "--batch-rows", "2"]).expect(5);
    assert!(told.stdout.contains("a row is its own ancestor"), "{}", told.stdout);
    assert_eq!(case.outcomes_by_id(), "1 inserted, 2 inserted, 3 inserted");
}

#[test]
fn what_rests_on_a_row_that_does_not_arrive_does_not_arrive_either() {
    let rows = "values (1, null, 'root'), (2, 1, 'in'), (3, 99, 'orphan'), (4, 3, 'of the orphan'), (5, 4, 'of that'), (6, 2, 'deep')";
    let case = of("", rows, "max_rejects = 3");
    ends(&case, "1 inserted, 2 inserted, 3 rejected, 4 rejected, 5 rejected, 6 inserted");
    assert_eq!(
        case.value("select string_agg(distinct code || ' ' || object, ',') from pgfold.reject"),
        "23503 of_item"
    );
}

#[test]
fn a_parent_with_another_fault_takes_its_children_along() {
    let case =
        of("", "values (1, null, null), (2, 1, 'child'), (3, null, 'good')", "max_rejects = 2\nrequired = [\"name\"]");
    ends(&case, "1 rejected, 2 rejected, 3 inserted");
}

#[test]
fn a_parent_that_is_there_already_counts_and_one_that_is_a_duplicate_does_not() {
    let case = of(
        "",
        "values (2, 1, 'of a row of before'), (3, null, 'a duplicate'), (4, 3, 'of the duplicate')",
        "max_rejects = 1",
    );
    case.database.psql("insert into item (id, code) values (1, 'I-1'), (77, 'M-3')");
    ends(&case, "2 inserted, 3 duplicate, 4 rejected");
}

#[test]
fn a_row_that_only_a_trigger_refuses_is_rejected_alone() {
    let case = of(
        "",
        "select n, nullif(n / 2, 0), 'n' || n from generate_series(1, 9) n",
        "max_rejects = 2\ntriggers = [\"refuses\"]",
    );
    case.database.psql(
        "create function refuses() returns trigger language plpgsql as $$ begin if new.id = 8 then raise 'not this one'; end if; return new; end $$;
         create trigger refuses before insert on item for each row execute function refuses()",
    );
    case.pgfold(&["apply", "-y"]).expect(0);
    assert_eq!(case.value("select string_agg(id || ' ' || code, ',') from pgfold.reject"), "8 P0001");
    assert_eq!(case.value("select count(*) from item"), "8");
}

#[test]
fn a_tree_comes_back_after_a_rollback_and_grows_with_a_second_run() {
    let case = of("", "select n, nullif(n / 2, 0), 'n' || n from generate_series(1, 6) n", "");
    case.pgfold(&["apply", "-y"]).expect(0);
    case.pgfold(&["rollback", "--level", "purge", "--execute", "-y"]).expect(0);
    assert_eq!(case.value("select count(*) from item"), "0");
    case.pgfold(&["apply", "-y"]).expect(0);
    case.database.psql("insert into old_item values (7, 'late', 6), (8, 'later', 7)");
    case.pgfold(&["migrate", "-y"]).expect(0);
    assert_eq!(case.value("select count(*) from item"), "8");
}

#[test]
fn a_key_of_two_columns_that_refers_to_its_own_table_is_a_tree_too() {
    let tables = "create table item (id int primary key, tenant int, code text unique, name text, extra jsonb, parent int, unique (tenant, id),
           constraint of_item foreign key (tenant, parent) references item (tenant, id));
         create table old_item (id int primary key, tenant int, name text, parent int);
         insert into old_item (id, tenant, parent, name) values (1, 1, 2, 'a'), (2, 1, null, 'b'), (3, 2, 2, 'of another tenant'), (4, 2, null, 'd');";
    let columns = format!("{COLUMNS}\ntenant = \"tenant\"");
    let case = case(tables, &Lines { columns: &columns, target: "max_rejects = 1", ..Lines::default() });
    ends(&case, "1 inserted, 2 inserted, 3 rejected, 4 inserted");
}

#[test]
fn rows_that_come_to_a_tree_while_it_moves_online_arrive_too() {
    let case = of("", "select n, nullif(n / 2, 0), 'n' || n from generate_series(1, 9) n", "");
    case.pgfold(&["apply", "-y", "--online"]).expect(0);
    assert_eq!(case.value("select count(*) from item"), "9");
}
