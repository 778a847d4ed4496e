//! What depends on the legacy tables is tried before and after the run; each kind is broken once, and the proof says so.

use super::shop::Shop;
use crate::harness::Database;

/// One dependent of each kind on `old_items`.
fn dependents(database: &Database, role: &str) {
    database.psql(&format!(
        "create function shout(t text) returns text language sql as 'select upper(t)';
         create view old_names as select no, shout(name) as name from old_items;
         create materialized view old_shelf as select no, shout(name) as name from old_items;
         create function helper() returns int language sql as 'select 1';
         create function count_old() returns bigint language sql as 'select count(*) + helper() from old_items';
         create table notes (at int);
         create function first_old() returns int language plpgsql as $f$ declare n notes%rowtype; o old_items; begin return n.at; end $f$;
         create function log_old() returns trigger language plpgsql as $f$ declare n notes%rowtype; begin return new; end $f$;
         create trigger log_old after insert on old_items for each row execute function log_old();
         create table orders (id int primary key, item int constraint orders_item references old_items);
         alter table old_items enable row level security;
         create policy all_of_them on old_items using (true);
         create role {role}; grant select on old_items to {role};
         create publication {role}_pub for table old_items;"
    ));
}

#[test]
fn each_kind_of_dependent_that_breaks_after_the_run_fails_the_proof_until_it_is_mended() {
    let shop = Shop::new();
    let role = format!("reads_{}", shop.database.name());
    dependents(&shop.database, &role);
    shop.run("apply --automated", 0);
    shop.run("validate", 0);
    let grants = format!("grant to {role}");
    let plants: &[(&str, String, String)] = &[
        ("view old_names of", "drop view old_names".into(), "create view old_names as select no, shout(name) as name from old_items".into()),
        ("function count_old() of", "drop function helper()".into(), "create function helper() returns int language sql as 'select 1'".into()),
        ("function first_old() of", "alter table notes rename to notices".into(), "alter table notices rename to notes".into()),
        ("trigger log_old of", "alter table old_items disable trigger log_old".into(), "alter table old_items enable trigger log_old".into()),
        (
            "foreign key orders_item of orders of",
            "alter table orders disable trigger all; alter table old_items disable trigger all; alter table old_items enable trigger log_old".into(),
            "alter table orders enable trigger all; alter table old_items enable trigger all".into(),
        ),
        (
            "foreign key orders_item of orders of",
            "alter table orders drop constraint orders_item; alter table orders add constraint orders_item foreign key (item) references old_items not valid".into(),
            "alter table orders validate constraint orders_item".into(),
        ),
        ("policy all_of_them on old_items of", "alter table old_items disable row level security".into(), "alter table old_items enable row level security".into()),
        ("publication ", format!("alter publication {role}_pub drop table old_items"), format!("alter publication {role}_pub add table old_items")),
        (grants.split(' ').next().unwrap(), format!("revoke select on old_items from {role}"), format!("grant select on old_items to {role}")),
    ];
    for (named, plant, mend) in plants {
        shop.database.psql(plant);
        let failed = shop.run("validate", 5);
        assert!(
            failed.stderr.contains("[dependent-broken]") && failed.stderr.contains(named),
            "{plant}:\n{}",
            failed.stderr
        );
        assert_eq!(shop.database.value("select validated from pgfold.run"), "f", "{plant}");
        let page = shop.read("pgfold-runs/1/MIG-5.md");
        assert!(page.contains("- [ ] each dependent of MIG-1 works as before"), "{plant}:\n{page}");
        shop.run("validate --accept-dependents", 0);
        shop.run("status --rollback", 0);
        let page = shop.read("pgfold-runs/1/MIG-6.md");
        assert!(page.contains("- [ ] nothing that depends on the legacy tables is broken"), "{plant}:\n{page}");
        shop.database.psql(mend);
        shop.run("validate", 0);
    }
    // with its table it may go
    shop.database.psql(
        "drop publication if exists nothing; drop table orders; drop materialized view old_shelf; drop view old_names",
    );
    shop.run("validate", 5);
    shop.database.psql(&format!("drop publication {role}_pub; drop owned by {role}; drop role {role}"));
}

#[test]
fn what_was_broken_before_is_said_at_mig_1_and_not_held_against_the_run() {
    let shop = Shop::new();
    shop.database.psql(
        "create function helper() returns int language sql as 'select 1';
         create function count_old() returns bigint language sql as 'select count(*) + helper() from old_items';
         drop function helper();",
    );
    let stopped = shop.run("apply --automated", 4);
    assert!(stopped.stderr.contains("✗ each dependent of a legacy table works today"), "{}", stopped.stderr);
    assert!(stopped.stderr.contains("count_old()"), "{}", stopped.stderr);
    let page = shop.run("assess", 0).stdout;
    assert!(page.contains("does not work today, before anything is done: count_old()"), "{page}");
    shop.run("apply --automated --approve MIG-1", 0);
    shop.run("validate", 0);
    assert!(
        shop.read("pgfold-runs/1/MIG-5.md").contains("did not work before, either"),
        "{}",
        shop.read("pgfold-runs/1/MIG-5.md")
    );
}
