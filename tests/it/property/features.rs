//! Columns of many types with values that pass and values that do not.

/// A column of the target with the source column that fills it.
pub struct Feature {
    pub target: &'static str,
    pub source: &'static str,
    /// The manifest's expression and the one of a plain insert; `F` is the source column.
    pub expr: &'static str,
    pub plain: &'static str,
    /// Values as SQL: those that pass, then those whose fault can be told without raising it.
    pub values: &'static [&'static str],
    pub good: usize,
    pub told: usize,
}

const fn feature(
    (target, source): (&'static str, &'static str),
    (expr, plain): (&'static str, &'static str),
    values: &'static [&'static str],
    (good, told): (usize, usize),
) -> Feature {
    Feature { target, source, expr, plain, values, good, told }
}

const BARE: (&str, &str) = ("F", "F");

#[rustfmt::skip]
pub const FEATURES: &[Feature] = &[
    feature(("varchar(5)", "text"), BARE, &["'abc'", "'ééééé'", "'abcd      '", "''", "'abcdef'", "'日本語日本語'", "E'a\\tb\\ncd'"], (4, 7)),
    feature(("char(3)", "text"), BARE, &["'ab'", "'abc'", "'abc  '", "'abcd'", "' abc'"], (3, 5)),
    feature(("numeric(5,2)", "numeric"), BARE, &["1.5", "999.99", "-999.994", "'NaN'", "0.001", "999.995", "1000", "-1e10", "'Infinity'"], (5, 9)),
    feature(("numeric(5,2)", "text"), ("F::numeric", "F::numeric"), &["'1.5'", "' 7 '", "'1e2'", "'1e3'", "'x'", "''"], (3, 4)),
    feature(("numeric(2,-1)", "numeric"), BARE, &["14", "944", "-3", "996", "1000"], (3, 5)),
    feature(("numeric(2,4)", "numeric"), BARE, &["0.0012", "0", "0.0099", "0.01", "1"], (3, 5)),
    feature(("int", "text"), ("F::int", "F::int"), &["'1'", "' 2 '", "'-3'", "'x'", "'99999999999'", "'1.5'", "''"], (3, 3)),
    feature(("smallint", "bigint"), BARE, &["1", "-32768", "32767", "32768", "9223372036854775807"], (3, 3)),
    feature(("real", "numeric"), BARE, &["1.5", "0.1", "1e39", "1e-60"], (2, 2)),
    feature(("date", "text"), ("F::date", "F::date"), &["'2024-02-29'", "'infinity'", "'2023-02-29'", "'never'", "'2024-13-01'"], (2, 2)),
    feature(("timestamptz", "timestamp"), BARE, &["'2024-03-31 02:30'", "'infinity'", "'0001-01-01 BC'"], (3, 3)),
    feature(("mood", "text"), ("F::mood", "F::mood"), &["'glad'", "'so so'", "'Glad'", "'sad'", "''"], (2, 2)),
    feature(("word", "text"), BARE, &["'abc'", "'x'", "'ABC'", "''"], (2, 2)),
    feature(("tight", "text"), BARE, &["'abcd'", "'x'", "'abcde'", "'abcd  '"], (2, 4)),
    feature(("must", "text"), BARE, &["'a'", "'b'", "null"], (2, 2)),
    feature(("price", "numeric"), BARE, &["1.25", "9.999", "99.994", "99.996", "100", "-1", "0.001"], (3, 5)),
    feature(("jsonb", "text"), ("F::jsonb", "F::jsonb"), &["'{\"a\": 1, \"a\": 2}'", "'[1]'", "'\"x\"'", "'{'", "'\"\\u0000\"'", "'\"\\ud800\"'"], (3, 3)),
    feature(("uuid", "text"), ("F::uuid", "F::uuid"), &["'00000000-0000-0000-0000-000000000001'", "'{0000000000000000-0000000000000002}'", "'1'"], (2, 2)),
    feature(("text[]", "text"), ("string_to_array(F, ',')", "string_to_array(F, ',')"), &["'a,b'", "'{,}'", "''", "null"], (4, 4)),
    feature(("varchar(3)[]", "text"), ("string_to_array(F, ',')", "string_to_array(F, ',')"), &["'a,b'", "'abc  ,d'", "''", "'abcd,e'", "'a,bcde'"], (3, 5)),
    feature(("char(2)[]", "text"), ("string_to_array(F, ',')", "string_to_array(F, ',')"), &["'a,bc'", "'ab ,c'", "'abc'"], (2, 3)),
    feature(("numeric(3,1)[]", "text"), ("F::numeric[]", "F::numeric[]"), &["'{1,2.25}'", "'{99.94}'", "'{NaN,null}'", "'{99.95}'", "'{1,100}'", "'{x}'"], (3, 5)),
    feature(("bit(4)", "text"), ("F::varbit", "F::varbit"), &["'1010'", "'0000'", "'101'", "'10101'", "''", "'2'"], (2, 5)),
    feature(("varbit(3)", "text"), ("F::varbit", "F::varbit"), &["'101'", "''", "'1'", "'1010'", "'x'"], (3, 4)),
    feature(("int[]", "text"), ("F::int[]", "F::int[]"), &["'{1,2}'", "'{}'", "'{a}'", "'{1'"], (2, 2)),
    feature(("int", "int"), ("10 / F", "10 / F"), &["1", "3", "0"], (2, 2)),
    feature(("interval", "text"), ("F::interval", "F::interval"), &["'1 day'", "'P1Y'", "'one'"], (2, 2)),
    feature(("int check (C % 2 = 0)", "int"), BARE, &["2", "0", "null", "3"], (3, 4)),
    feature(("text check (C <> '' and C !~ '^ ')", "text"), BARE, &["'a'", "null", "''", "' b'"], (2, 4)),
    feature(("int not null default 3", "int"), BARE, &["1", "2", "null"], (2, 3)),
];
