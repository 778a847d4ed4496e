//! Files in which people decide mappings: names, values of a pair, every mistake at once, and the way back.

use crate::ground::{applied, json};
use crate::harness::{Database, Finished, Pgfold, Scratch};

struct Place {
    database: Database,
    scratch: Scratch,
}

impl Place {
    fn new() -> Place {
        Place { database: applied(), scratch: Scratch::new() }
    }

    fn run(&self, arguments: &[&str]) -> Finished {
        Pgfold::new(&self.database).args(arguments).cwd(self.scratch.path()).run()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.scratch.path().join(name), text).unwrap();
    }

    /// Two live rows of the target.
    fn keys(&self) -> (String, String) {
        let key = |n: u32| self.value(&format!("select unique_id from agents order by unique_id offset {n} limit 1"));
        (key(0), key(1))
    }

    fn pairs(&self, key: &str) -> String {
        self.value(&format!(
            "select coalesce(string_agg(concat_ws('|', p.unique_id, m.relationship_type, m.priority_level, m.interaction_patterns->>'tone',
                    m.interaction_patterns->>'because'), ' ' order by p.unique_id), '')
               from agent_persona_mapping m join agents a on a.id = agent_id join personas p on p.id = persona_id where a.unique_id = '{key}'"
        ))
    }

    fn value(&self, query: &str) -> String {
        self.database.value(query)
    }
}

#[test]
fn a_file_of_pairs_gives_each_its_kind_its_priority_and_its_patterns() {
    let place = Place::new();
    let (one, two) = place.keys();
    let (before_one, before_two) = (place.pairs(&one), place.pairs(&two));
    place.write(
        "from.csv",
        &format!(
            "unique_id,persona,relationship_type,priority,interaction_patterns,remarks\n\
             {one},Field Medical Science Liaison,primary_user,3,\"{{\"\"tone\"\": \"\"formal\"\"}}\",asked Ann\n\
             {one},PER-MED-INFO,reviewer,,,\n{two},market access manager,,,,\n"
        ),
    );
    let dry = place.run(&["map", "personas", "--from", "from.csv", "--dry-run"]).expect(0);
    assert!(dry.stderr.contains("2 decisions are well-formed"), "{}", dry.stderr);
    assert_eq!(place.pairs(&one), before_one, "a dry run writes nothing");
    place.run(&["map", "personas", "--from", "from.csv", "-y"]).expect(0);
    assert_eq!(place.pairs(&one), "PER-MED-INFO|reviewer|1|human PER-MSL-FIELD|primary_user|3|formal|human");
    assert_eq!(place.pairs(&two), "PER-MA-LEAD|assists|1|human", "what the file leaves empty keeps what is usual");
    // deciding it again changes nothing, inference leaves it, the checks hold
    place.run(&["map", "personas", "-y"]).expect(0);
    assert_eq!(place.pairs(&one), "PER-MED-INFO|reviewer|1|human PER-MSL-FIELD|primary_user|3|formal|human");
    place
        .run(&[
            "rollback",
            "--execute",
            "-y",
            "--run",
            &place.value("select max(run) from pgfold.run where verb = 'map' and changed"),
        ])
        .expect(0);
    assert_eq!((place.pairs(&one), place.pairs(&two)), (before_one, before_two), "the way back");
}

#[test]
fn every_mistake_of_a_file_is_listed_and_nothing_is_applied() {
    let place = Place::new();
    let (one, two) = place.keys();
    place.database.psql("insert into personas (unique_id, name) values ('PER-X1', 'Twin'), ('PER-X2', 'Twin')");
    place.write(
        "bad.csv",
        &format!(
            "unique_id,persona,relationship_typ,priority,interaction_patterns\n{one},Unknown Persona,x,1,\n{two},twin,x,soon,[]\n\
             {one},PER-MED-INF,x,1,\nNOBODY,PER-MED-INFO,x,1,\n{two},PER-HEOR,x,1,\n{two},HEOR,x,1,\n"
        ),
    );
    let before = place.database.rows_digest();
    let said = place.run(&["map", "personas", "--review-in", "bad.csv", "-y"]).expect(4).stderr;
    for words in [
        "8 mistakes in bad.csv; nothing was applied",
        "did you mean `relationship_type`?",
        "200 rows are called by default",
        "`twin` fits 2 rows",
        "`PER-X1` and `PER-X2`",
        "`soon` is no value for `priority_level`",
        "`[]` is no value for `interaction_patterns`",
        "`PER-MED-INF` is no code",
        "no row has the key `NOBODY`",
        "`PER-HEOR` is named twice",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(before, place.database.rows_digest());
}

#[test]
fn the_list_for_review_says_which_name_is_a_question() {
    let place = Place::new();
    place.database.psql("insert into personas (unique_id, name) values ('PER-X1', 'Twin'), ('PER-X2', 'Twin')");
    let (one, two) = place.keys();
    place.database.psql(&format!(
        "delete from agent_persona_mapping;
         update agents set metadata = coalesce(metadata, '{{}}') || '{{\"persona\": \"twin\"}}' where unique_id = '{one}';
         update agents set metadata = coalesce(metadata, '{{}}') || '{{\"persona\": \"Unknown Persona\"}}' where unique_id = '{two}'"
    ));
    place.run(&["map", "personas", "-y"]).expect(0);
    assert_eq!(
        (place.pairs(&one).as_str(), place.pairs(&two).as_str()),
        ("", ""),
        "a question is never answered by a guess"
    );
    place.run(&["map", "personas", "--review-out", "review.csv"]).expect(0);
    let list = std::fs::read_to_string(place.scratch.path().join("review.csv")).unwrap();
    let line =
        |key: &str| list.lines().find(|l| l.starts_with(key)).unwrap_or_else(|| panic!("{key}: {list}")).to_owned();
    assert!(line(&one).contains("fits 2 rows") && line(&one).contains("PER-X2"), "{}", line(&one));
    assert!(line(&two).contains("rows are called by default"), "{}", line(&two));
}

/// Ids that hold blanks, so that two pairs of them read alike when they are merely joined by one.
const BLANKS: &str = "
  create table books (id text primary key default gen_random_uuid(), ref text unique, title text not null, gone boolean not null default false);
  create table topics (id text primary key, code text not null unique, caption text not null);
  create table book_topics (book text references books, topic text references topics, main boolean, remark text, primary key (book, topic));
  create table leaflets (id int primary key, title text not null);
  insert into books (id, ref, title) values ('a b', 'r1', 'One'), ('a', 'r2', 'Two');
  insert into topics values ('c', 'C', 'Cee'), ('b c', 'BC', 'Bee Cee');
  insert into book_topics values ('a b', 'c', true, 'of the first'), ('a', 'b c', true, 'of the second');
";

const MANIFEST: &str = "
[target]
table       = \"books\"
key         = \"ref\"
existing_key    = \"'BOOK_' || id\"
soft_delete = { set = { gone = \"true\" }, live = \"not gone\" }
required    = [\"title\"]
[[source]]
table = \"leaflets\"
id    = \"id\"
key   = \"'LEAFLET_' || id\"
[source.columns]
title = \"title\"
[source.ignore]
id = \"the key holds it\"
[[mapping]]
name     = \"topics\"
table    = \"book_topics\"
left     = \"book\"
right    = { column = \"topic\", table = \"topics\", id = \"id\", code = \"code\", name = \"caption\" }
primary  = \"main\"
taxonomy = \"topics.toml\"
required = false
[mapping.signals.text]
title = { from = \"title\", weight = 1.0 }
";

#[test]
fn ids_with_blanks_keep_their_own_columns_when_they_are_decided_again() {
    let database = Database::from_sql("blanks", &[BLANKS]);
    let scratch = Scratch::new();
    let write = |name: &str, text: &str| std::fs::write(scratch.path().join(name), text).unwrap();
    write("consolidation.toml", MANIFEST);
    write("topics.toml", "[[entry]]\ncode = \"C\"\n[[entry]]\ncode = \"BC\"\n");
    write("decided.csv", "key,decision\nr1,C\nr2,BC\n");
    let folder = scratch.path().display().to_string();
    let run = |arguments: &[&str]| Pgfold::new(&database).args(arguments).cwd(scratch.path()).run();
    run(&["map", "topics", &folder, "--review-in", "decided.csv", "-y"]).expect(0);
    let remarks =
        "select string_agg(book || '/' || topic || ': ' || remark, ', ' order by book, topic) from book_topics";
    assert_eq!(database.value(remarks), "a/b c: of the second, a b/c: of the first");
    run(&["rollback", &folder, "--execute", "-y"]).expect(0);
    assert_eq!(database.value(remarks), "a/b c: of the second, a b/c: of the first");
}

#[test]
fn alarms_of_a_mapping_are_raised_where_a_person_reads_them() {
    let place = Place::new();
    place.database.psql(
        "delete from agent_industry_mapping;
         update agents set name = 'Desk ' || id, title = null, description = null, system_prompt = null, tags = '{}', category = 'x',
                metadata = '{\"industry\": \"payers\"}'",
    );
    let dry = json(&place.run(&["map", "industries", "--dry-run", "--format", "json"]).expect(0));
    let alarms = dry["mappings"][0]["alarms"].to_string();
    assert!(alarms.contains("have the same set"), "{alarms}");
    assert!(alarms.contains("no row was mapped to `pharmaceuticals`"), "{alarms}");
    let words = place.run(&["map", "industries", "--dry-run"]).expect(0).stdout;
    assert!(words.contains("have the same set"), "{words}");
}
