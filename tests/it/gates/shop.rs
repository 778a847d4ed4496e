//! A small consolidation of one enhancement, one index and one source, in a folder of its own.

use std::path::PathBuf;

use crate::harness::{Database, Finished, Pgfold, Scratch};

const TABLES: &str =
    "create table items (id bigint generated always as identity primary key, item_key text unique, name varchar(20));
     insert into items (item_key, name) values ('K0', 'there');
     create table old_items (no int primary key, name text);
     insert into old_items values (1, 'one'), (2, 'two'), (3, 'three');";

pub const MANIFEST: &str = "[target]\ntable = \"items\"\nkey = \"item_key\"\n
[[enhancement]]\nfile = \"0001_note\"\nadds.items = { note = \"text\" }\n
[[enhancement]]\nfile = \"0002_by_name\"\ncreates = [\"index items_by_name\"]\n
[[source]]\ntable = \"old_items\"\nid = \"no\"\nkey = \"'K' || no\"\nwinner = \"no\"\n[source.columns]\nname = \"name\"\n[source.ignore]\nno = \"in the key\"\n";

pub struct Shop {
    pub folder: Scratch,
    pub database: Database,
}

impl Shop {
    pub fn new() -> Shop {
        let shop = Shop { folder: Scratch::new(), database: Database::from_sql("gates shop", &[TABLES]) };
        shop.write("consolidation.toml", MANIFEST);
        shop.write("0001_note.up.sql", "alter table items add column note text;\n");
        shop.write("0002_by_name.up.sql", "create index items_by_name on items (name);\n");
        std::fs::create_dir(shop.path("work")).unwrap();
        shop
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// What lies in the folder that pgfold runs in.
    pub fn read(&self, name: &str) -> String {
        let path = self.path("work").join(name);
        std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    }

    /// The words, with the consolidation as the last one where the verb takes it.
    pub fn call(&self, words: &str) -> Pgfold {
        let folder = self.folder.path().display().to_string();
        let mut all: Vec<&str> = words.split(' ').collect();
        if !matches!(all[0], "explain" | "show" | "config" | "restore") {
            all.push(&folder);
        }
        Pgfold::new(&self.database).args(&all).cwd(self.path("work"))
    }

    #[track_caller]
    pub fn run(&self, words: &str, code: i32) -> Finished {
        self.call(words).run().expect(code)
    }
}
