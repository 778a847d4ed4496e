//! Every type there and back exactly: as mapped value, kept value, before-image, duplicate, id and key.

use std::fmt::Write as _;

use crate::ground::Case;
use crate::harness::Database;

const MADE: &str = "create schema extensions;
    create extension hstore schema extensions; create extension citext schema extensions; create extension ltree schema extensions; create extension cube schema extensions;
    create extension isn schema extensions; create extension seg schema extensions; create extension lo schema extensions;
    create extension intarray schema extensions; create extension postgis schema extensions;
    create type mood as enum ('glad', 'so so', ''); create domain word as text check (value <> 'bad'); create domain cents as numeric(8,2);
    create type span as (what text, at timestamptz, n int[]); create type pair as (a int, s span); create domain checked as span check ((value).what <> '');
    create type floats as range (subtype = float8);";

/// A type and two values of it, as SQL.
#[rustfmt::skip]
const TYPES: &[(&str, &str, &str)] = &[
    ("boolean", "true", "false"), ("\"char\"", "'x'", "'\\'"), ("smallint", "-32768", "7"), ("integer", "2147483647", "0"), ("bigint", "9223372036854775807", "-1"),
    ("oid", "4294967295", "1"), ("real", "'NaN'", "0.1"), ("real", "'-0'", "1e-40"), ("double precision", "'-Infinity'", "1e300"), ("double precision", "'-0'", "0.1"),
    ("numeric", "'NaN'", "1.500"), ("numeric", "'Infinity'", "1e-30"), ("numeric(10,3)", "1.5", "-0.001"), ("money", "'12.34'", "'-1'"),
    ("text", "E'a\\nb\\t\"\\\\ \\u00e9\\U0001F600'", "''"), ("text", "'null'", "'NULL'"), ("varchar(20)", "'ab  '", "'{1}'"), ("char(6)", "'ab'", "' x'"), ("name", "'n m'", "''"),
    ("bytea", "'\\x00ff'", "''"), ("date", "'infinity'", "'0044-03-15 BC'"), ("date", "'2024-02-29'", "'5874897-12-31'"), ("time", "'24:00:00'", "'00:00:00.000001'"),
    ("timetz", "'12:00:00+05:30'", "'00:00:00-15'"), ("timestamp", "'-infinity'", "'2024-03-31 02:30:00.123456'"), ("timestamp", "'0044-03-15 12:00 BC'", "'294276-12-31'"),
    ("timestamptz", "'2024-07-01 12:00+00'", "'0044-03-15 12:00+00 BC'"), ("timestamptz", "'infinity'", "'294276-12-31 12:00+00'"), ("interval", "'1 year -2 mons 3 days -04:05:06.7'", "'0'"),
    ("uuid", "'00000000-0000-0000-0000-000000000001'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'"), ("json", "'{\"a\": 1, \"a\": [null, 1e3]}'", "'null'"), ("json", "'\"{}\"'", "' {\"b\":1,\"a\":2} '"),
    ("jsonb", "'null'", "'{\"a\": {\"b\": null}}'"), ("jsonb", "'\"x\"'", "'[]'"), ("jsonpath", "'$.a[*] ? (@ > 1)'", "'$'"), ("xml", "'<a b=\"c\">d</a>'", "''"),
    ("inet", "'10.0.0.1'", "'::1/64'"), ("cidr", "'10.0.0.0/8'", "'::/0'"), ("macaddr", "'08:00:2b:01:02:03'", "'00:00:00:00:00:00'"), ("macaddr8", "'08:00:2b:01:02:03:04:05'", "'08:00:2b:ff:fe:01:02:03'"),
    ("bit(4)", "'1010'", "'0000'"), ("varbit", "'101'", "''"), ("point", "'(1.5,-2)'", "'(NaN,Infinity)'"), ("line", "'{1,-1,0}'", "'{0,1,2}'"), ("lseg", "'[(0,0),(1,1)]'", "'[(1,2),(3,4)]'"),
    ("box", "'(1,1),(0,0)'", "'(3,4),(1,2)'"), ("path", "'[(0,0),(1,1)]'", "'((0,0),(1,1))'"), ("polygon", "'((0,0),(1,1),(2,0))'", "'((0,0))'"), ("circle", "'<(1,2),3>'", "'<(0,0),0>'"),
    ("tsvector", "'a:1A ''b c'':2'", "''"), ("tsquery", "'a & !b <-> c'", "''"), ("int4range", "'[1,5)'", "'empty'"), ("int8range", "'(,5)'", "'(,)'"), ("numrange", "'[1.50,2.5]'", "'(NaN,)'"),
    ("tsrange", "'[2024-01-01,infinity]'", "'(,2024-01-01 12:00)'"), ("tstzrange", "'[2024-01-01 00:00+00,2024-07-01 00:00+00)'", "'empty'"), ("daterange", "'[2024-01-01,infinity)'", "'empty'"),
    ("int4multirange", "'{[1,3),[5,7)}'", "'{}'"), ("tstzmultirange", "'{[2024-01-01 00:00+00,2024-07-01 00:00+00),(2025-01-01 00:00+00,)}'", "'{}'"), ("floats", "'[0.1,NaN]'", "'(-Infinity,)'"),
    ("pg_lsn", "'16/B374D848'", "'0/0'"), ("pg_snapshot", "'10:20:10,14,15'", "'1:1:'"), ("xid", "'4294967295'", "'3'"), ("xid8", "'18446744073709551615'", "'3'"), ("cid", "'7'", "'0'"), ("tid", "'(4294967295,65535)'", "'(0,0)'"),
    ("regclass", "'pg_class'", "'pg_type'"), ("regtype", "'integer'", "'text[]'"), ("regrole", "current_user::regrole", "'pg_monitor'"), ("regconfig", "'english'", "'simple'"), ("regprocedure", "'now()'", "'lower(text)'"),
    ("oidvector", "'1 2 3'", "''"), ("int2vector", "'1 2'", "''"), ("refcursor", "'c'", "''"), ("aclitem", "makeaclitem(current_user::regrole, current_user::regrole, 'SELECT', true)", "makeaclitem(0, current_user::regrole, 'INSERT', false)"),
    ("int[]", "'[2:3]={1,NULL}'", "'{}'"), ("int[]", "'{{1,2},{3,4}}'", "'{1}'"), ("text[]", "array['a,b', 'NULL', null, '', 'x\"y\\z', '{}']", "'{}'"), ("numeric[]", "'{1.50,NaN}'", "'{0}'"),
    ("timestamptz[]", "'{2024-07-01 12:00+00,NULL,-infinity}'", "'[0:1]={2024-07-01 12:00+00,2024-01-01 12:00+00}'"), ("jsonb[]", "array['null'::jsonb, null, '{\"a\":\",\"}']", "'{}'"), ("json[]", "array['{\"a\":1,\"a\":2}'::json]", "'{}'"),
    ("bytea[]", "array['\\x00'::bytea]", "'{}'"), ("box[]", "'{(1,1),(0,0);(3,3),(2,2)}'", "'{}'"), ("tstzrange[]", "array[tstzrange('2024-07-01 12:00+00', null)]", "'{}'"), ("mood[]", "'{glad,\"\"}'", "'{}'"),
    ("mood", "'so so'", "''"), ("word", "'w'", "''"), ("cents", "1.25", "0"), ("word[]", "'{a,b}'", "'{}'"), ("span", "row('a\"b,', '2024-07-01 12:00+00', '{1,2}')", "row(null, null, null)"),
    ("pair", "row(1, row('', 'infinity', '{}')::span)", "row(null, row(null, '2024-01-01 12:00+00', null)::span)"), ("checked", "row('x', '2024-07-01 12:00+00', null)::span", "row('y', null, null)::span"), ("span[]", "array[row('a', '2024-07-01 12:00+00', '{3}')::span, null]", "'{}'"),
    ("extensions.hstore", "'a=>\"b c\", d=>NULL'", "''"), ("extensions.citext", "'AbC'", "''"), ("extensions.ltree", "'a.b_1.C'", "''"), ("extensions.lquery", "'*.a|b@.*{1,2}'", "'a'"), ("extensions.ltxtquery", "'a & !b*'", "'c'"),
    ("extensions.cube", "'(1,2),(3.5,-4)'", "'(0)'"), ("extensions.seg", "'1.50 .. 2.5'", "'~1.0e0'"), ("extensions.isbn", "'0-393-04002-X'", "'978-0-393-04002-9'"), ("extensions.ean13", "'978-0-393-04002-9'", "'400-638133393-1'"), ("extensions.issn", "'1436-4522'", "'0317-8471'"),
    ("extensions.lo", "'123'", "'0'"), ("extensions.query_int", "'1&(2|3)'", "'4'"), ("extensions.hstore[]", "array['a=>1'::extensions.hstore]", "'{}'"),
    ("extensions.geometry", "'SRID=31256;POINT ZM (1234.123456789012345 5678.1 210.5 17)'", "'CIRCULARSTRING(0 0, 1 1, 2 0)'"), ("extensions.geometry(Point,4326)", "'SRID=4326;POINT(1 2)'", "'SRID=4326;POINT EMPTY'"),
    ("extensions.geography", "'POINT(16.3725042123456789 48.2083537)'", "'LINESTRING(0 0, 1 1)'"), ("extensions.box2d", "'BOX(0 0,1.5 1)'", "'BOX(0 0,0 0)'"), ("extensions.box3d", "'BOX3D(0 0 0,1.5 1 2)'", "'BOX3D(0 0 0,0 0 0)'"),
];

fn case(sql: &str, manifest: &str) -> Case {
    let database = Database::from_sql("types of all kinds", &[MADE]);
    database.psql(&format!("set client_min_messages = error; set standard_conforming_strings = on;\n{sql}"));
    Case::new(database, manifest)
}

impl Case {
    /// The columns whose texts differ, by a query with `$i`, `$t` and `$d` for a type's place, itself and whether it is a document.
    fn differing(&self, from: &str, one: impl Fn(usize, &str) -> String) -> String {
        let cases: Vec<String> = TYPES
            .iter()
            .enumerate()
            .map(|(i, (t, ..))| {
                format!("select '{i} {}' as what from {from} where {}", t.replace('\'', "''"), one(i, t))
            })
            .collect();
        self.database.value(&format!(
            "set timezone = 'UTC'; select coalesce(string_agg(distinct what, ', '), '') from ({}) q",
            cases.join(" union all ")
        ))
    }
}

/// A stored value by the input of its type: plain SQL that knows only the stored form.
fn restored(json: &str, column: &str, type_name: &str) -> String {
    if matches!(type_name, "json" | "jsonb") {
        return format!("coalesce({json} -> 'pgfold_text' ->> '{column}', ({json} -> '{column}')::text)::{type_name}");
    }
    format!("({json} ->> '{column}')::{type_name}")
}

/// Json is the same if it says the same; a kept one may lose blanks between its parts.
fn text(value: &str, type_name: &str) -> String {
    if type_name == "json" { format!("translate(({value})::text, ' ', '')") } else { format!("({value})::text") }
}

#[test]
fn every_type_goes_there_and_back() {
    let columns = |prefix: &str| -> String {
        TYPES.iter().enumerate().map(|(i, (t, ..))| format!(", {prefix}{i} {t}")).collect()
    };
    let values = |second: bool| -> String {
        TYPES.iter().map(|(t, a, b)| format!(", ({})::{t}", if second { b } else { a })).collect()
    };
    let nulls = |t: &str| TYPES.iter().map(|_| format!(", null{t}")).collect::<String>();
    let mut sql = format!(
        "create table items (id bigint generated by default as identity primary key, key text unique{}, extra jsonb);\n",
        columns("m")
    );
    writeln!(sql, "create table old (id int primary key, code text not null{}{});", columns("m"), columns("k"))
        .unwrap();
    for (n, code, m, k) in [
        (1, "K1", values(false), values(true)),
        (2, "K2", values(true), values(false)),
        (3, "K3", nulls(""), nulls("")),
        (4, "K1", values(true), values(false)),
    ] {
        writeln!(sql, "insert into old values ({n}, '{code}'{m}{k});").unwrap();
    }
    writeln!(
        sql,
        "insert into items (key) values ('before'); insert into old values (5, 'before'{}{});",
        values(false),
        nulls("")
    )
    .unwrap();
    let mapped: String = (0..TYPES.len()).map(|i| format!("m{i} = \"m{i}\"\n")).collect();
    let manifest = format!(
        "[target]\ntable = \"items\"\nkey = \"key\"\n[[source]]\ntable = \"old\"\nid = \"id\"\nkey = \"code\"\nwinner = \"id\"\non_duplicate = \"merge\"\ntimezone = \"Asia/Kolkata\"\n[source.columns]\n{mapped}[source.unmapped]\ninto = \"extra\"\nunder = \"legacy\"\n"
    );
    let case = case(&sql, &manifest);
    let before = case.database.rows_digest();
    case.pgfold(&["apply", "-y"]).expect(0);
    case.pgfold(&["validate"]).expect(0);
    let outcomes = "select string_agg(id || ' ' || outcome, ', ' order by id) from pgfold.crosswalk";
    assert_eq!(case.database.value(outcomes), "1 inserted, 2 inserted, 3 inserted, 4 duplicate_in_source, 5 merged");
    let pair = "old o join items i on i.key = o.code and o.id <> 4";
    let differing = case.differing(pair, |i, _| format!("o.m{i}::text is distinct from i.m{i}::text"));
    assert_eq!(differing, "", "mapped");
    let differing = case.differing(&format!("{pair} and o.id <> 5"), |i, t| {
        let back = restored("(i.extra -> 'legacy')", &format!("k{i}"), t);
        format!("{} is distinct from {}", text(&format!("o.k{i}"), t), text(&back, t))
    });
    assert_eq!(differing, "", "kept");
    let differing = case.differing("old o join pgfold.crosswalk x on x.id = o.id::text and o.id in (4, 5)", |i, t| {
        let back = restored("(x.detail -> 'row')", &format!("m{i}"), t);
        format!("{} is distinct from {}", text(&format!("o.m{i}"), t), text(&back, t))
    });
    assert_eq!(differing, "", "stored beside the crosswalk");
    // every value changes, and a rollback of that run brings back what was there
    let first = case.database.value("select md5(string_agg(items::text, ' ' order by id)) from items");
    let exchange: Vec<String> = (0..TYPES.len()).map(|i| format!("m{i} = k{i}")).collect();
    case.database.psql(&format!("update old set {} where id in (1, 2)", exchange.join(", ")));
    case.pgfold(&["migrate", "--changed", "-y"]).expect(0);
    let differing = case.differing("old o join items i on i.key = o.code and o.id in (1, 2)", |i, _| {
        format!("o.m{i}::text is distinct from i.m{i}::text")
    });
    assert_eq!(differing, "", "taken over");
    case.pgfold(&["rollback", "--run", "2", "--level", "purge", "--execute", "-y"]).expect(0);
    assert_eq!(case.database.value("select md5(string_agg(items::text, ' ' order by id)) from items"), first);
    case.database.psql(&format!("truncate old; insert into old values (5, 'before'{}{})", values(false), nulls("")));
    case.pgfold(&["rollback", "--run", "1", "--level", "purge", "--execute", "-y"]).expect(0);
    assert_eq!(case.database.value("select count(*) from items where num_nonnulls(extra) = 0"), "1");
    assert!(before.contains("items"), "{before}");
}

/// One of each kind of text, order and place of its operators.
const AS_IDS: &[&str] = &[
    "\"char\"",
    "numeric(10,3)",
    "char(6)",
    "bytea",
    "timestamptz",
    "timestamptz[]",
    "tstzrange",
    "mood",
    "extensions.hstore",
    "extensions.citext",
];

#[test]
fn every_type_with_an_order_is_an_id() {
    let mut sql = String::from(
        "create table items (id bigint generated by default as identity primary key, key text unique, name text, extra jsonb);\n",
    );
    let mut manifest = String::from("[target]\ntable = \"items\"\nkey = \"key\"\n");
    let ordered = Database::from_sql("types of all kinds", &[MADE]);
    let mut tables = 0;
    for (i, (type_name, a, b)) in TYPES.iter().enumerate().filter(|(_, (t, ..))| AS_IDS.contains(t)) {
        if ordered
            .try_psql(&format!("set client_min_messages = error; create table t{i} (id {type_name} primary key); insert into t{i} values (({a})::{type_name}), (({b})::{type_name})"))
            .is_err()
        {
            continue;
        }
        tables += 1;
        writeln!(sql, "create table t{i} (id {type_name} primary key, n int not null); insert into t{i} values (({a})::{type_name}, 1), (({b})::{type_name}, 2);").unwrap();
        write!(
            manifest,
            "[[source]]\ntable = \"t{i}\"\nid = \"id\"\nkey = \"'{i}-' || n\"\nwinner = \"n\"\ntimezone = \"Asia/Kolkata\"\n[source.columns]\nname = \"'n' || n\"\n[source.unmapped]\ninto = \"extra\"\nunder = \"legacy\"\n"
        )
        .unwrap();
    }
    assert!(tables >= AS_IDS.len(), "{tables} types with an order");
    let case = case(&sql, &manifest);
    case.pgfold(&["apply", "-y", "--batch-rows", "1"]).expect(0);
    assert_eq!(
        case.database
            .value("select count(*) || ' ' || count(distinct key) from pgfold.crosswalk where outcome = 'inserted'"),
        format!("{0} {0}", tables * 2)
    );
    case.pgfold(&["validate"]).expect(0);
    let again = case.pgfold(&["migrate", "-y"]).expect(0);
    assert_eq!(
        case.database.value("select count(*) from pgfold.crosswalk where run = 2 and outcome = 'unchanged'"),
        (tables * 2).to_string(),
        "{}",
        again.stdout
    );
    case.pgfold(&["rollback", "--run", "1", "--level", "purge", "--with-later-runs", "--execute", "-y"]).expect(0);
    assert_eq!(case.database.value("select count(*) from items"), "0");
}

#[test]
fn a_type_is_a_key_or_refused_as_one() {
    let (mut served, mut refused) = (Vec::new(), Vec::new());
    for (type_name, a, b) in TYPES {
        let type_name = &type_name[..];
        let wanted = [
            "\"char\"",
            "bigint",
            "uuid",
            "date",
            "timestamptz",
            "timestamp",
            "inet",
            "bytea",
            "mood",
            "numeric(10,3)",
            "char(6)",
            "boolean",
            "extensions.citext",
            "jsonb",
            "point",
            "span",
            "extensions.geometry",
            "double precision",
        ];
        if !wanted.contains(&type_name) || served.contains(&type_name) || refused.contains(&type_name) {
            continue;
        }
        let index = if ["point", "extensions.geometry"].contains(&type_name) { "" } else { " unique" };
        let sql = format!(
            "create table items (id bigint generated by default as identity primary key, key {type_name}{index}, name text, extra jsonb);
             insert into items (key) values (({a})::{type_name});
             create table old (id int primary key, code {type_name} not null, name text); insert into old values (1, ({a})::{type_name}, 'a'), (2, ({b})::{type_name}, 'b');"
        );
        let manifest = "[target]\ntable = \"items\"\nkey = \"key\"\n[[source]]\ntable = \"old\"\nid = \"id\"\nkey = \"code\"\nwinner = \"id\"\non_duplicate = \"merge\"\ntimezone = \"Asia/Kolkata\"\n[source.columns]\nname = \"name\"\n[source.unmapped]\ninto = \"extra\"\nunder = \"legacy\"\n";
        let case = case(&sql, manifest);
        let done = case.pgfold(&["apply", "-y"]);
        if done.code == 3 {
            refused.push(type_name);
            continue;
        }
        done.expect(0);
        assert_eq!(
            case.database.value("select string_agg(outcome, ' ' order by id) from pgfold.crosswalk"),
            "merged inserted",
            "{type_name}"
        );
        case.pgfold(&["validate"]).expect(0);
        case.pgfold(&["rollback", "--level", "purge", "--execute", "-y"]).expect(0);
        served.push(type_name);
    }
    assert_eq!(refused, ["double precision", "jsonb", "point", "span", "extensions.citext", "extensions.geometry"]);
    assert_eq!(served.len(), 12, "{served:?}");
}
