//! Whole consolidations, valid by construction, each from one number: tables, rows, manifest, SQL, taxonomy, queries.

use std::fmt::Write as _;

use crate::property::random::Random;

/// One database with its consolidation.
pub struct Made {
    pub before: String,
    /// Path inside the folder and text.
    pub files: Vec<(String, String)>,
    /// Column names that stand in the manifest, each with where a mistake in it would be found.
    pub names: Vec<Named>,
}

/// A name that the manifest relies on.
pub struct Named {
    /// What to replace, with enough around it to be met once.
    pub around: String,
    pub name: String,
}

/// A kind of column: how the target and a source hold it, and how it gets from one into the other.
struct Kind {
    name: &'static str,
    legacy: &'static str,
    target: &'static str,
    source: &'static str,
    /// `F` is the source column, quoted where it must be.
    value: &'static str,
    /// SQL of the value of row `R`.
    there: &'static str,
    row: &'static str,
}

const fn kind(
    (name, legacy): (&'static str, &'static str),
    (target, source): (&'static str, &'static str),
    value: &'static str,
    (there, row): (&'static str, &'static str),
) -> Kind {
    Kind { name, legacy, target, source, value, there, row }
}

#[rustfmt::skip]
const KINDS: &[Kind] = &[
    kind(("description", "descr_text"), ("text", "text"), "\"F\"", ("'about ' || R", "'legacy ' || R")),
    kind(("short_code", "abbreviation"), ("varchar(12)", "text"), "\"F\"", ("'C' || R", "'c' || R")),
    kind(("amount", "total_sum"), ("numeric(12,2)", "numeric"), "{ expr = \"round(F, 2)\", lossy = true }", ("R * 1.25", "R + 0.005")),
    kind(("weight", "weight_text"), ("numeric(8,3)", "text"), "\"F::numeric\"", ("R", "' ' || R || '.5 '")),
    kind(("born_on", "birthday"), ("date", "text"), "\"to_date(F, 'DD.MM.YYYY')\"", ("date '2001-01-01' + R::int", "to_char(date '1999-12-31' + R::int, 'DD.MM.YYYY')")),
    kind(("seen_at", "last_seen"), ("timestamptz", "timestamp"), "\"F\"", ("now()", "timestamp '2024-03-31 02:30' + R * interval '1 hour'")),
    kind(("is_active", "status_word"), ("boolean not null default true", "text"), "{ from = \"F\", map = { on = \"true\", off = \"false\" }, default = \"true\", default_at_most = 1.0 }", ("true", "(array['on', 'off', null])[1 + R % 3]")),
    kind(("grade", "class_letter"), ("text check (grade in ('high', 'low'))", "char(1)"), "{ from = \"F\", map = { H = \"high\", L = \"low\" } }", ("'high'", "(array['H', 'L'])[1 + R % 2]")),
    kind(("labels", "label_list"), ("text[]", "text"), "\"string_to_array(F, ';')\"", ("array['a', 'b']", "'x;y;' || R")),
    kind(("details", "json_text"), ("jsonb not null default '{}'", "text"), "\"coalesce(F, '{}')::jsonb\"", ("'{\"there\": true}'", "'{\"n\": ' || R || '}'")),
    kind(("external_id", "guid_text"), ("uuid", "text"), "\"F::uuid\"", ("gen_random_uuid()", "md5(R::text)")),
    kind(("quantity", "pieces"), ("int not null default 0", "bigint"), "\"coalesce(F, 0)\"", ("R", "case when R % 4 = 0 then null else R end")),
    kind(("ratio", "share_of"), ("double precision", "real"), "\"F\"", ("R / 7.0", "R / 3.0")),
    kind(("waiting", "wait_minutes"), ("interval", "int"), "\"F * interval '1 minute'\"", ("interval '1 day'", "R")),
    kind(("region_code", "region"), ("text references regions (code)", "text"), "\"upper(F)\"", ("'WES'", "(array['wes', 'eas', null])[1 + R % 3]")),
    kind(("Odd Name", "Odd Source"), ("text", "text"), "\"F\"", ("'odd'", "'it''s ' || R")),
];

const THINGS: &[&str] = &["items", "customers", "assets", "stock", "People", "work orders"];
const SOURCES: &[&str] = &["old_things", "archive", "Import 2019", "legacy_list"];

struct Source {
    table: String,
    two: bool,
    rows: usize,
    kinds: Vec<usize>,
    duplicates: bool,
}

/// A table's name as the manifest writes it.
fn named(table: &str) -> String {
    let simple = table.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    if simple { format!("{table:?}") } else { format!("'\"{table}\"'") }
}

pub fn made(seed: u64) -> Made {
    let r = &mut Random::new(seed ^ 0x5eed);
    let target = *r.pick(THINGS);
    let table_name = named(target);
    let mut kinds: Vec<usize> = (0..KINDS.len()).filter(|_| r.one_in(2)).collect();
    if kinds.is_empty() {
        kinds.push(0);
    }
    let id = *r.pick(&[
        "bigint generated always as identity primary key",
        "bigserial primary key",
        "uuid primary key default gen_random_uuid()",
    ]);
    let has_key = r.one_in(3);
    let coming = if r.one_in(2) {
        kinds.pop().filter(|k| !KINDS[*k].target.contains("check") && !kinds.is_empty())
    } else {
        None
    };
    let soft = r.one_in(2);
    let touched = r.one_in(3);
    let mut sql =
        String::from("create table regions (code text primary key);\ninsert into regions values ('WES'), ('EAS');\n");
    let mut columns = vec![
        format!("\"ident\" {id}"),
        "serial_no int".to_owned(),
        "title text not null".to_owned(),
        "grp text".to_owned(),
        "extra jsonb".to_owned(),
    ];
    columns.extend(kinds.iter().map(|k| format!("{:?} {}", KINDS[*k].name, KINDS[*k].target)));
    if has_key {
        columns.push("item_key text unique".to_owned());
    }
    if soft {
        columns.push("removed_at timestamptz".to_owned());
    }
    if touched {
        columns.push("updated_at timestamptz default now()".to_owned());
    }
    writeln!(sql, "create table {target:?} ({});", columns.join(", ")).unwrap();
    let there = 8 + r.below(12);
    let shown: String = kinds.iter().map(|k| format!(", {:?}", KINDS[*k].name)).collect();
    let values: String = kinds.iter().map(|k| format!(", {}", KINDS[*k].there.replace('R', "g"))).collect();
    writeln!(
        sql,
        "insert into {target:?} (serial_no, title, grp, extra{shown}) select g, 'There ' || g, 'G' || g % 4, '{{}}'{values} from generate_series(1, {there}) g;"
    )
    .unwrap();
    if touched {
        writeln!(sql, "create function touch() returns trigger language plpgsql as $$ begin new.updated_at := now(); return new; end $$;\ncreate trigger touch before update on {target:?} for each row execute function touch();").unwrap();
    }
    sql.push_str("create table groups (gid serial primary key, mark text not null unique, caption text not null);\ninsert into groups (mark, caption) select 'G' || g, 'Group number ' || g from generate_series(0, 3) g;\n");

    let mut files: Vec<(String, String)> = Vec::new();
    let mut names: Vec<Named> = Vec::new();
    let mut manifest = format!(
        "[target]\ntable = {table_name}\nid = \"ident\"\nkey = \"item_key\"\nexisting_key = \"'THERE-' || serial_no\"\nrequired = [\"item_key\", \"title\"]\n"
    );
    if soft {
        manifest.push_str("soft_delete = { set = { removed_at = \"now()\" }, live = \"removed_at is null\" }\n");
    }
    if touched {
        manifest.push_str("ignore_changes = [\"updated_at\"]\n");
        names.push(Named { around: "ignore_changes = [\"updated_at\"]".into(), name: "updated_at".into() });
    }
    names.push(Named { around: "\"item_key\", \"title\"]".into(), name: "title".into() });
    names.push(Named { around: "'THERE-' || serial_no".into(), name: "serial_no".into() });
    if !has_key {
        manifest.push_str(&format!("\n[[enhancement]]\nfile = \"0001_key\"\nadds.{table_name} = {{ item_key = \"text\" }}\ncreates = [\"index things_key\"]\n"));
        let up = format!(
            "alter table {target:?} add column item_key text;\ncreate unique index things_key on {target:?} (item_key);\n"
        );
        files.push(("0001_key.up.sql".into(), up));
    }
    if let Some(k) = coming {
        let k = &KINDS[k];
        let declared = k.target.split(" references").next().unwrap_or(k.target);
        manifest.push_str(&format!(
            "\n[[enhancement]]\nfile = \"0002_more\"\nadds.{table_name} = {{ {:?} = {declared:?} }}\n",
            k.name
        ));
        files.push((
            "0002_more.up.sql".into(),
            format!("-- one more\nalter table {target:?} add column {:?} {declared};\n", k.name),
        ));
    }
    manifest.push_str("\n[[enhancement]]\nfile = \"0003_links\"\ncreates = [\"table thing_groups\"]\n");
    files.push((
        "0003_links.up.sql".into(),
        format!("create table thing_groups (thing {} not null references {target:?} (ident), grp int not null references groups (gid), main boolean not null default false, why jsonb, primary key (thing, grp));\n", if id.starts_with("uuid") { "uuid" } else { "bigint" }),
    ));
    if r.one_in(2) {
        manifest.push_str(
            "\n[[enhancement]]\nfile = \"0004_titles\"\ntransaction = false\ncreates = [\"index things_title\"]\n",
        );
        files.push((
            "0004_titles.up.sql".into(),
            format!("create index concurrently things_title on {target:?} (lower(title));\n"),
        ));
    }
    if r.one_in(2) {
        manifest.push_str("\n[[enhancement]]\nfile = \"0005_list\"\ncreates = [\"view thing_list\", \"function thing_label(text)\"]\n");
        files.push(("0005_list.up.sql".into(), format!("create view thing_list as select title, grp from {target:?};\ncreate function thing_label(text) returns text language sql as $$ select 'thing ' || $1; $$;\n")));
    }

    let mut expect = String::new();
    for place in 0..1 + r.below(3) {
        let source = source(r, place, &kinds, coming);
        let merge = r.one_in(4);
        let (legacy, fills) = table(r, &mut sql, &source, has_key, there);
        let key = "prefix || '-' || number";
        write!(
            manifest,
            "\n[[source]]\ntable = {}\nid = {}\nkey = {key:?}\nwinner = \"changed desc nulls last, {}\"\nwhere = \"keep\"\non_duplicate = {:?}\ntimezone = \"Europe/Berlin\"\nsensitive = [\"secret_note\"]\n[source.columns]\ntitle = \"caption_text\"\ngrp = \"group_mark\"\nserial_no = \"number + 1000\"\n",
            named(&source.table),
            if source.two { "[\"part_a\", \"part_b\"]" } else { "\"row_no\"" },
            if source.two { "part_a, part_b" } else { "row_no" },
            if merge { "merge" } else { "skip" },
        )
        .unwrap();
        manifest.push_str(&fills);
        if r.one_in(2) {
            manifest.push_str("[source.unmapped]\ninto = \"extra\"\nunder = \"old\"\n[source.ignore]\nrubbish = \"nobody ever read it\"\n");
        } else {
            let left: Vec<String> = legacy.iter().map(|c| format!("{c:?} = \"told apart\"\n")).collect();
            write!(manifest, "[source.ignore]\n{}", left.concat()).unwrap();
        }
        if place == 0 {
            for (around, name) in [
                ("= \"caption_text\"", "caption_text"),
                ("= \"group_mark\"", "group_mark"),
                ("winner = \"changed", "changed"),
                ("[\"secret_note\"]", "secret_note"),
                ("key = \"prefix", "prefix"),
                ("\nserial_no = \"number", "serial_no"),
            ] {
                names.push(Named { around: around.into(), name: name.into() });
            }
            for k in source.kinds.iter().map(|k| &KINDS[*k]).filter(|k| !k.name.contains(' ')) {
                let line = fills.lines().find(|l| l.starts_with(&format!("{:?} =", k.name))).unwrap();
                let value = line.split_once(" = ").unwrap().1;
                names.push(Named { around: value.to_owned(), name: k.legacy.to_owned() });
                if coming.is_none_or(|c| KINDS[c].name != k.name) {
                    names.push(Named { around: line.to_owned(), name: k.name.to_owned() });
                }
            }
        }
        writeln!(expect, "{:?} = [0, {}]", source.table, source.rows).unwrap();
    }
    manifest.push_str("\n[[mapping]]\nname = \"groups\"\ntable = \"thing_groups\"\nleft = \"thing\"\nright = { column = \"grp\", table = \"groups\", id = \"gid\", code = \"mark\", name = \"caption\" }\nprimary = \"main\"\ntaxonomy = \"groups.toml\"\nrequired = true\nevidence = \"why\"\n[mapping.signals]\nexplicit = { mark = \"to_jsonb(grp)\" }\n");
    names.push(Named { around: "code = \"mark\"".into(), name: "mark".into() });
    names.push(Named { around: "name = \"caption\"".into(), name: "caption".into() });
    write!(manifest, "\n[expect.arrived]\n{expect}").unwrap();
    let entries: String =
        (0..4).map(|g| format!("[[entry]]\ncode = \"G{g}\"\nname = \"Group number {g}\"\n\n")).collect();
    files.push(("groups.toml".into(), format!("threshold = 0.3\nat_most = 2\n\n{entries}")));
    files.push(("queries/by_group.sql".into(), format!("select grp, count(*) from {target:?} group by grp\n")));
    files.push(("queries/titles.sql".into(), format!("select title from {target:?} where title <> ''\n")));
    files.push(("queries/write/add.sql".into(), format!("insert into {target:?} (title, grp) values ('new', 'G1')\n")));
    files.push(("consolidation.toml".into(), manifest));
    Made { before: sql, files, names }
}

fn source(r: &mut Random, place: usize, kinds: &[usize], coming: Option<usize>) -> Source {
    let all = kinds.iter().copied().chain(coming).filter(|_| !r.one_in(4));
    Source {
        kinds: all.collect(),
        table: SOURCES[place].to_owned(),
        two: r.one_in(3),
        rows: 1 + r.below(40),
        duplicates: r.one_in(2),
    }
}

/// The legacy columns that no rule takes, and the rules.
fn table(r: &mut Random, sql: &mut String, source: &Source, has_key: bool, there: usize) -> (Vec<String>, String) {
    let id =
        if source.two { "part_a text, part_b int, primary key (part_a, part_b)" } else { "row_no bigint primary key" };
    let own: String = source.kinds.iter().map(|k| format!(", {:?} {}", KINDS[*k].legacy, KINDS[*k].source)).collect();
    writeln!(sql, "create table {:?} ({id}, prefix text not null, number int not null, changed timestamp, keep boolean not null default true, secret_note text, caption_text text, group_mark text, rubbish text{own});", source.table).unwrap();
    let prefix = source.table.to_uppercase().replace(' ', "_");
    let number = if source.duplicates { "(g * 7) % 11" } else { "g" };
    // some of the keys that the target holds already
    let shared = if !has_key && r.one_in(3) {
        format!("case when g % 9 = 0 and g <= {there} then 'THERE' else '{prefix}' end")
    } else {
        format!("'{prefix}'")
    };
    let id = if source.two { "'p' || g % 3, g" } else { "g * 3" };
    let values: String = source.kinds.iter().map(|k| format!(", {}", KINDS[*k].row.replace('R', "g"))).collect();
    writeln!(
        sql,
        "insert into {:?} select {id}, {shared}, {number}, case when g % 5 = 0 then null else timestamp '2020-01-01' + g * interval '1 day' end, g % 10 <> 3, 'secret ' || g, 'Legacy ' || g, 'G' || g % 4, 'x'{values} from generate_series(1, {}) g;",
        source.table, source.rows
    )
    .unwrap();
    let mut fills = String::new();
    for k in source.kinds.iter().map(|k| &KINDS[*k]) {
        let simple = k.legacy.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        let from = if simple { k.legacy.to_owned() } else { format!("\\\"{}\\\"", k.legacy) };
        writeln!(fills, "{:?} = {}", k.name, k.value.replacen('F', &from, 1)).unwrap();
    }
    let mut left: Vec<String> =
        ["prefix", "number", "changed", "keep", "secret_note", "rubbish"].map(String::from).into();
    left.extend(if source.two { vec!["part_a".to_owned(), "part_b".to_owned()] } else { vec!["row_no".to_owned()] });
    left.extend(source.kinds.iter().map(|k| KINDS[*k].legacy.to_owned()));
    (left, fills)
}
