//! Small databases with their manifests, each from one number.

use std::fmt::Write as _;

use super::features::{FEATURES, Feature};
use super::ids::Id;
use super::random::Random;

/// One database, one consolidation, and the outcomes that a model of plain inserts expects.
pub struct Case {
    pub before: String,
    pub files: Vec<(&'static str, String)>,
    /// Whether it is rolled back and made again.
    pub again: bool,
}

const NAMES: &[&str] = &[
    "'Ann'",
    "'ann'",
    "'Bob'",
    "'${ids}'",
    "'o''clock'",
    "'=1+1'",
    "E'\\x1b[2J'",
    "'a \"b\" \\ c'",
    "'{null}'",
    "U&'\\202Egnp.exe'",
    "'NULL'",
    "''",
    "null",
    "'$1'",
    "'--'",
    "'Zoë'",
];
const CODES: &[&str] = &["'K1'", "'K2'", "'K3'", "'a'", "'b'", "'c'", "'A'", "'d''e'", "'f\\g'", "' '", "''", "null"];
const UNIQUES: &[&str] = &[
    "",
    "create unique index u0 on T (name)",
    "create unique index u0 on T (lower(name))",
    "create unique index u0 on T (name) where flag",
    "create unique index u0 on T (name, n)",
    "create unique index u0 on T (name) nulls not distinct",
    "alter table T add constraint u0 unique (n, name)",
    "create unique index u0 on T (coalesce(name, 'none'), (n / 2)) where n > 1",
    // only where there are generated columns
    "create unique index u0 on T (low)",
];
const NULLS_TOO: usize = 5;
const OF_GENERATED: usize = 8;
const GENERATED: &[&str] = &[
    "low text generated always as (lower(name) || n) stored",
    "both_ways int generated always as (n * m) stored check (both_ways <> 10)",
];
/// The entry of each of the indexes above, null where a row has none.
const ENTRIES: &[&str] = &[
    "null::text",
    "row(name)::text || case when name is null then null else '' end",
    "lower(name)",
    "case when flag then name end",
    "name || '/' || n",
    "row(name)::text",
    "name || '/' || n",
    "case when n > 1 then coalesce(name, 'none') || '/' || (n / 2) end",
    "low",
];

pub fn case(seed: u64) -> Case {
    let r = &mut Random::new(seed);
    // what was thought of later is drawn apart, so that the cases from before stay as they are
    let later = &mut Random::new(!seed);
    let chosen: Vec<&Feature> = (0..r.below(5)).map(|_| r.pick(FEATURES)).collect();
    let merges = r.one_in(4);
    // what a merge brings into another unique index is named as unpredictable
    let mut unique = if merges { 0 } else { r.below(OF_GENERATED) };
    let generates = later.one_in(3);
    if generates && unique > 0 && later.one_in(2) {
        unique = OF_GENERATED;
    }
    let has_key = r.one_in(2);
    // the enhancement makes the whole table
    let created = !has_key && r.one_in(2);
    let late = if has_key { None } else { Some(*r.pick(&["varchar(4)", "text not null default 'x'", "word"])) };
    let check = *r.pick(&["", ", check (n >= 0)", ", check (n < m)", ", check (n + m < 12 or name is null)"]);
    let two_refs = r.one_in(2);
    let default = r.one_in(2);
    let alike = !merges && r.one_in(5);

    let mut columns = vec![
        ("name".to_owned(), "text".to_owned()),
        ("n".to_owned(), "int".to_owned()),
        ("m".to_owned(), "int default 5".to_owned()),
        ("flag".to_owned(), "boolean".to_owned()),
        ("ref_a".to_owned(), "text".to_owned()),
        ("ref_b".to_owned(), "int".to_owned()),
        ("extra".to_owned(), "jsonb".to_owned()),
        ("removed".to_owned(), "date".to_owned()),
    ];
    for (i, f) in chosen.iter().enumerate() {
        let not_null = if r.one_in(5) && !f.target.contains("not null") { " not null" } else { "" };
        columns.push((format!("c{i}"), format!("{}{not_null}", f.target.replace("C ", &format!("c{i} ")))));
    }
    let id = *r.pick(&[
        "bigint generated always as identity primary key",
        "bigserial primary key",
        "uuid primary key default gen_random_uuid()",
    ]);
    let generated = if generates { GENERATED } else { &[] };
    let mut body: Vec<String> = columns.iter().map(|(n, t)| format!("{n} {t}")).collect();
    body.extend(generated.iter().map(|g| g.to_string()));
    if let Some(late) = late.filter(|_| created) {
        body.extend(["ukey text unique".to_owned(), format!("late {late}")]);
    }
    let mut sql = String::from(
        "create type mood as enum ('glad', 'so so');\ncreate domain word as text check (value ~ '^[a-z]+$');\n\
         create domain tight as varchar(4);\ncreate domain must as text not null;\n\
         create domain price as numeric(4,2) check (value > 0);\n\
         create table refs (a text, b int, primary key (a, b), unique (a));\ninsert into refs values ('x', 1), ('y', 2);\n",
    );
    let made = format!(
        "create table things (tid {id}, old_no int, {}{}{check});\n",
        body.join(", "),
        if has_key { ", ukey text unique" } else { "" },
    );
    let mut up = String::new();
    if created {
        // the model looks at an empty one of its own
        sql.push_str("create schema shape;\n");
        sql.push_str(&made.replace("things", "shape.things"));
        up.push_str(&made);
    } else {
        sql.push_str(&made);
    }
    let foreign = if two_refs {
        "alter table T add foreign key (ref_a, ref_b) references refs (a, b)"
    } else {
        "alter table T add foreign key (ref_a) references refs (a)"
    };
    for constraint in [foreign, UNIQUES[unique]] {
        writeln!(if created { &mut up } else { &mut sql }, "{};", constraint.replace('T', "things")).unwrap();
    }
    for row in 1..=if created { 0 } else { r.below(5) } {
        let mut names = vec!["old_no", "name", "n", "m", "flag", "extra"];
        let extra = if r.one_in(3) { "null" } else { "'{}'" };
        let mut values = vec![
            row.to_string(),
            format!("'Old {row}'"),
            (row % 4).to_string(),
            (row % 4 + 1).to_string(),
            "true".into(),
            extra.into(),
        ];
        if r.one_in(3) {
            values[1] = "'Ann'".into();
            values[2] = format!("{}", row + 1);
            values[3] = format!("{}", row + 2);
        }
        if unique == NULLS_TOO && later.one_in(3) {
            values[1] = "null".into();
        }
        let cells: Vec<String> = (0..chosen.len()).map(|i| format!("c{i}")).collect();
        for (f, name) in chosen.iter().zip(&cells) {
            let whole = columns.iter().find(|(n, _)| n == name).is_some_and(|(_, t)| t.contains("not null"));
            if whole || f.target == "must" || r.one_in(2) {
                names.push(name);
                values.push(plain_value(f, f.values[0]));
            }
        }
        if has_key && r.one_in(2) {
            names.push("ukey");
            values.push(format!("'K{row}'"));
        }
        // a constraint that this row would break leaves it out
        writeln!(
            sql,
            "insert into things ({}) values ({}) on conflict do nothing;",
            names.join(", "),
            values.join(", ")
        )
        .unwrap();
    }

    let mut manifest = format!(
        "[target]\ntable = \"things\"\nid = \"tid\"\nkey = \"ukey\"\nexisting_key = \"'K' || old_no\"\nmax_rejects = 100000\n\
         soft_delete = {{ set = {{ removed = \"current_date\" }}, live = \"removed is null\" }}\n{}",
        if alike { "secondary_key = \"lower(name)\"\non_secondary_match = \"skip\"\n" } else { "" }
    );
    let mut files = Vec::new();
    if created {
        let plain = |t: &str| {
            let end = [" check", " generated"].iter().filter_map(|w| t.find(w)).min();
            t[..end.unwrap_or(t.len())].to_owned()
        };
        let id = if id.starts_with("uuid") { "uuid not null" } else { "bigint not null" };
        let mut adds = vec![format!("tid = {id:?}"), "old_no = \"int\"".into(), "ukey = \"text\"".into()];
        adds.extend(columns.iter().map(|(n, t)| format!("{n} = {:?}", plain(t))));
        adds.extend(generated.iter().filter_map(|g| g.split_once(' ')).map(|(n, t)| format!("{n} = {:?}", plain(t))));
        adds.extend(late.map(|t| format!("late = {t:?}")));
        let own = match UNIQUES[unique] {
            "" => "",
            u if u.starts_with("alter") => ", \"constraint u0 on things\"",
            _ => ", \"index u0\"",
        };
        write!(
            manifest,
            "[[enhancement]]\nfile = \"0001_things\"\nadds.things = {{ {} }}\ncreates = [\"table things\"{own}]\n",
            adds.join(", ")
        )
        .unwrap();
        files.push(("0001_things.up.sql", up));
    } else if let Some(late) = late {
        write!(manifest, "[[enhancement]]\nfile = \"0001_key\"\nadds.things = {{ ukey = \"text\", late = {late:?} }}\ncreates = [\"index things_ukey\"]\n").unwrap();
        let up = format!(
            "alter table things add column ukey text, add column late {late};\ncreate unique index things_ukey on things (ukey);\n"
        );
        files.push(("0001_key.up.sql", up));
    }

    let mut oracle = String::from(include_str!("shadow.sql"));
    if let Some(late) = late.filter(|_| !created) {
        writeln!(oracle, "alter table oracle.shadow add column ukey text, add column late {late};").unwrap();
    }
    writeln!(
        oracle,
        "alter table oracle.shadow alter column ukey set not null;\n{};",
        foreign.replace('T', "oracle.shadow")
    )
    .unwrap();
    for place in 0..1 + r.below(3) {
        let (table, id) = (format!("s{place}"), *r.pick(&[Id::Number, Id::Text, Id::Two]));
        // its rows are apart by two columns, and the key reads one of them
        let joins = id == Id::Two && later.one_in(3);
        let key = if joins { "a" } else { "code" };
        let winner = if r.one_in(2) { format!("w desc nulls last, {}", id.order()) } else { id.order().to_owned() };
        let filter = if r.one_in(2) { "keep" } else { "true" };
        let merge = merges && r.one_in(2);
        let maps_m = r.one_in(2);
        let mut all: Vec<(String, String, String, String)> = vec![
            ("name".into(), "name".into(), "name".into(), "text".into()),
            ("n".into(), "n".into(), "n".into(), "int".into()),
            ("ref_a".into(), "ref_a".into(), "ref_a".into(), "text".into()),
            ("ref_b".into(), "ref_b".into(), "ref_b".into(), "int".into()),
        ];
        if maps_m {
            all.push(("m".into(), "m".into(), "m".into(), "int".into()));
        }
        for (i, f) in chosen.iter().enumerate() {
            let (c, from) = (format!("c{i}"), format!("f{i}"));
            all.push((c, f.expr.replace('F', &from), f.plain.replace('F', &from), f.source.into()));
        }
        if late.is_some() {
            all.push(("late".into(), "late".into(), "late".into(), "text".into()));
        }
        let own: Vec<String> = (chosen.iter().enumerate()).map(|(i, f)| format!("f{i} {}", f.source)).collect();
        let own: String = own.iter().map(|o| format!(", {o}")).collect();
        writeln!(
            sql,
            "create table {table} ({}, code text, w int, keep boolean, status text, name text, n int, m int, ref_a text, ref_b int, late text{own});",
            id.columns()
        )
        .unwrap();
        for row in 0..4 + r.below(10) {
            let mut cells = vec![
                r.pick(CODES).to_string(),
                r.pick(&["1", "2", "null"]).to_string(),
                r.pick(&["true", "true", "true", "false", "null"]).to_string(),
                r.pick(&["'on'", "'off'", "'on'", "'off'", "'On'", "null"]).to_string(),
                r.pick(NAMES).to_string(),
                r.pick(&["1", "2", "3", "4", "5", "-1", "null"]).to_string(),
                r.pick(&["4", "5", "6", "7", "null"]).to_string(),
                r.pick(&["null", "'x'", "'y'", "'x'", "'z'"]).to_string(),
                r.pick(&["1", "2", "null", "1"]).to_string(),
                r.pick(&["'ab'", "'abcd'", "'abcdé'", "'z'", "null", "'Ab'"]).to_string(),
            ];
            if r.one_in(2) {
                cells[0] = format!("'{table} {row}'");
            }
            // a `word` that is none
            let mut raises = late == Some("word") && matches!(cells[9].as_str(), "'abcdé'" | "'Ab'");
            for f in &chosen {
                let bad = r.one_in(8);
                let from = if bad { f.values } else { &f.values[..f.good] };
                let value = if r.one_in(12) { "null" } else { *r.pick(from) };
                let known = if value == "null" { f.target != "must" } else { f.values[..f.told].contains(&value) };
                raises |= !known;
                cells.push(value.to_owned());
            }
            writeln!(sql, "insert into {table} values ({}, {});", id.value(row, joins), cells.join(", ")).unwrap();
            if raises {
                writeln!(
                    oracle,
                    "insert into oracle.raises select '{table}', {} from {table} s where ({}) = ({});",
                    id.text(),
                    id.order(),
                    id.value(row, joins)
                )
                .unwrap();
            }
        }

        write!(
            manifest,
            "\n[[source]]\ntable = \"{table}\"\nid = {}\nkey = \"{key}\"\nwinner = {winner:?}\nwhere = {filter:?}\non_duplicate = {:?}\ntimezone = \"Europe/Vienna\"\n[source.columns]\n",
            id.manifest(),
            if merge { "merge" } else { "skip" }
        )
        .unwrap();
        for (column, expr, ..) in &all {
            writeln!(manifest, "{column} = {{ expr = {expr:?}, lossy = true }}").unwrap();
        }
        writeln!(
            manifest,
            "flag = {{ from = \"status\", map = {{ on = \"true\", off = \"false\" }}{} }}\n[source.unmapped]\ninto = \"extra\"\nunder = \"old\"",
            if default { ", default = \"false\"" } else { "" }
        )
        .unwrap();

        let flag = if default {
            "coalesce(s.status = 'on', false)"
        } else {
            "case when s.status is null then null when s.status in ('on', 'off') then s.status = 'on' else oracle.unmapped() end"
        };
        let names: String = all.iter().map(|(c, ..)| format!(", {c}")).collect();
        let values: String = all.iter().map(|(.., p, _)| format!(", {p}")).collect();
        let mut fill = include_str!("plain_insert.sql").to_owned();
        for (hole, text) in [
            ("$names", names.as_str()),
            ("$values", values.as_str()),
            ("$flag", flag),
            ("$id", id.text()),
            ("$winner", winner.as_str()),
            ("$filter", filter),
            ("$place", &place.to_string()),
            ("$merge", if merge { "true" } else { "false" }),
            ("$key", &format!("s.{key}")),
            ("$joins", if joins { "true" } else { "false" }),
            ("$table", table.as_str()),
        ] {
            fill = fill.replace(hole, text);
        }
        oracle.push_str(&fill);
    }
    let mut filled: Vec<String> = columns.iter().map(|(c, _)| c.clone()).collect();
    if late.is_some_and(|l| !l.contains("default")) {
        filled.push("late".into());
    }
    let gaps: Vec<String> = filled.iter().map(|c| format!("(h.t ->> '{c}' is null and sh.{c} is not null)")).collect();
    let held = if has_key { "coalesce(t.ukey, 'K' || t.old_no)" } else { "'K' || t.old_no" };
    let model = include_str!("model.sql");
    let model = model.replace("$gaps", &gaps.join(" or ")).replace("$held", held).replace("$entry", ENTRIES[unique]);
    let mut model = model.replace("$alike", if alike { "true" } else { "false" });
    files.push(("consolidation.toml", manifest));
    if created {
        let of_the_model =
            |s: String| s.replace("like things", "like shape.things").replace("from things", "from shape.things");
        (oracle, model) = (of_the_model(oracle), of_the_model(model));
    }
    Case { before: format!("{sql}{oracle}{model}"), files, again: seed.is_multiple_of(4) && !merges }
}

fn plain_value(f: &Feature, value: &str) -> String {
    if f.expr == "F" {
        value.to_owned()
    } else {
        format!("({})", f.plain.replace('F', &format!("({value})::{}", f.source)))
    }
}
