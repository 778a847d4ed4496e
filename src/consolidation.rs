//! A bundled or named folder as manifest, SQL, taxonomies and application queries.

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::manifest::Manifest;
use crate::planner::EnhancementScript;
use crate::text;

/// Consolidations that travel in the binary are those folders that hold a manifest.
static BUNDLED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/sql");

const MANIFEST: &str = "consolidation.toml";

/// An application query of `queries/` or `queries/write/`.
#[derive(Debug, Clone)]
pub struct Query {
    /// The file's name without `.sql`.
    pub name: String,
    pub sql: String,
    pub writes: bool,
}

impl Query {
    /// Its statements one by one; only a query that writes has more than one.
    pub fn statements(&self) -> Vec<String> {
        crate::sql::token::statements(&self.sql).unwrap_or_else(|_| vec![self.sql.clone()])
    }
}

/// One consolidation, read whole.
#[derive(Debug, Clone)]
pub struct Consolidation {
    pub name: String,
    pub manifest: Manifest,
    /// The manifest as written.
    pub text: String,
    pub scripts: Vec<EnhancementScript>,
    /// SHA-256 of each enhancement without comments, blanks and line ends.
    pub checksums: BTreeMap<String, String>,
    pub taxonomies: BTreeMap<String, String>,
    pub queries: Vec<Query>,
    /// SHA-256 of each file; of an enhancement without comments, blanks and line ends.
    pub files: BTreeMap<String, String>,
}

/// The names that work without a path, the default first.
pub fn bundled() -> Vec<String> {
    let mut names: Vec<String> = BUNDLED
        .dirs()
        .filter(|d| d.get_file(d.path().join(MANIFEST)).is_some())
        .filter_map(|d| d.path().file_name()?.to_str().map(str::to_owned))
        .collect();
    names.sort();
    names
}

/// The files of a bundled consolidation, by their path inside its folder.
pub fn bundled_files(name: &str) -> Result<Vec<(String, String)>> {
    let names = bundled();
    match names.iter().any(|n| n == name).then(|| BUNDLED.get_dir(name)).flatten() {
        Some(dir) => Ok(from_bundle(dir).into_iter().collect()),
        None => Err(unknown(name, &names)),
    }
}

impl Consolidation {
    /// A bundled name or a folder; the first bundled one when nothing is said.
    pub fn load(wanted: Option<&str>) -> Result<Consolidation> {
        let names = bundled();
        let wanted = match wanted {
            Some(wanted) => wanted.to_owned(),
            None => names.first().cloned().ok_or_else(|| Error::bug("no consolidation is bundled"))?,
        };
        let folder = Path::new(&wanted);
        if folder.join(MANIFEST).is_file() {
            let name = folder.canonicalize().ok().and_then(|p| Some(p.file_name()?.to_string_lossy().into_owned()));
            return read(name.unwrap_or(wanted.clone()), from_folder(folder)?);
        }
        match names.contains(&wanted).then(|| BUNDLED.get_dir(&wanted)).flatten() {
            Some(dir) => read(wanted, from_bundle(dir)),
            None => Err(unknown(&wanted, &names)),
        }
    }
}

fn unknown(wanted: &str, names: &[String]) -> Error {
    let near = text::nearest(wanted, names.iter().map(String::as_str));
    let what = if Path::new(wanted).is_dir() {
        format!("the folder `{}` holds no {MANIFEST}", text::inert(wanted))
    } else {
        format!("there is no consolidation `{}`", text::inert(wanted))
    };
    let hint = match near.first() {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            format!("bundled: {}; any other is named by its folder, which holds {MANIFEST}", text::quoted_list(names))
        }
    };
    Error::usage(what, hint)
}

/// Every text file by its path inside the folder, with `/` between parts.
type Files = BTreeMap<String, String>;

fn from_bundle(dir: &Dir<'_>) -> Files {
    let mut files = Files::new();
    let mut open = vec![dir];
    while let Some(next) = open.pop() {
        for file in next.files() {
            let inside = file.path().strip_prefix(dir.path()).unwrap_or(file.path());
            if let Some(text) = file.contents_utf8() {
                files.insert(inside.to_string_lossy().replace('\\', "/"), text.to_owned());
            }
        }
        open.extend(next.dirs());
    }
    files
}

/// No file of a consolidation is near this; what is larger is not one.
const LARGEST: u64 = 16 << 20;

/// Reads plain files inside the folder only: no links, which may lead out of it, no devices, no pipes.
fn from_folder(folder: &Path) -> Result<Files> {
    let mut files = Files::new();
    let mut refused = Vec::new();
    for below in ["", "queries", "queries/write"] {
        let dir = folder.join(below);
        let entries = match std::fs::read_dir(&dir) {
            Ok(_) if !below.is_empty() && dir.is_symlink() => {
                refused.push(format!("`{below}` is a link; put the folder itself there"));
                continue;
            }
            Ok(entries) => entries,
            Err(_) if !below.is_empty() => continue,
            Err(e) => return Err(Error::file("read", &dir, e)),
        };
        for entry in entries {
            let path = entry.map_err(|e| Error::file("read", &dir, e))?.path();
            let wanted = path.extension().is_some_and(|e| e == "sql" || e == "toml");
            let (true, Some(name)) = (wanted, path.file_name().and_then(|n| n.to_str())) else { continue };
            let inside = if below.is_empty() { name.to_owned() } else { format!("{below}/{name}") };
            let about = std::fs::symlink_metadata(&path).map_err(|e| Error::file("read", &path, e))?;
            if !about.is_file() {
                refused.push(format!("`{}` is not a plain file", text::inert(&inside)));
            } else if about.len() > LARGEST {
                refused.push(format!("`{}` is larger than 16 MB", text::inert(&inside)));
            } else {
                files.insert(inside, std::fs::read_to_string(&path).map_err(|e| Error::file("read", &path, e))?);
            }
        }
    }
    if refused.is_empty() {
        return Ok(files);
    }
    refused.sort();
    Err(Error::Configuration {
        what: format!("the folder `{}` holds what is not read", text::inert(&folder.display().to_string())),
        mistakes: refused,
        hint: "a consolidation consists of plain files in its folder".to_owned(),
    })
}

/// What an application query may begin with; `queries/write/` may also write, and is rolled back.
const READS: &[&str] = &["select", "with", "values", "table"];
const WRITES: &[&str] = &["insert", "update", "delete", "merge"];

/// Why a file is not one query, or not statements that write: one that ends a transaction or takes a role would leave the one it is tried in.
fn not_a_query(path: &str, sql: &str, writes: bool) -> Option<String> {
    let shown = text::inert(path);
    let statements = match crate::sql::token::statements(sql) {
        Ok(statements) => statements,
        Err(why) => return Some(format!("`{shown}` cannot be read: {why}")),
    };
    if statements.is_empty() || statements.len() > 1 && !writes {
        return Some(format!("`{shown}` holds {} statements; a query is one", statements.len()));
    }
    statements.iter().find_map(|statement| {
        let word = statement.trim_start_matches(['(', ' ', '\n', '\t']).chars().take_while(char::is_ascii_alphabetic);
        let first = word.collect::<String>().to_ascii_lowercase();
        let known = READS.contains(&first.as_str()) || writes && WRITES.contains(&first.as_str());
        let all: Vec<&str> = READS.iter().chain(WRITES.iter().filter(|_| writes)).copied().collect();
        (!known)
            .then(|| format!("`{shown}`: a statement begins with `{first}`, and not with {}", text::quoted_list(&all)))
    })
}

fn read(name: String, files: Files) -> Result<Consolidation> {
    let wrong = |mistakes: Vec<String>| Error::Configuration {
        what: format!("{MANIFEST} of `{}` has {}", text::inert(&name), text::count(mistakes.len() as u64, "mistake")),
        mistakes,
        hint: "correct the file; the README shows one".to_owned(),
    };
    let manifest = Manifest::parse(files.get(MANIFEST).map_or("", String::as_str)).map_err(wrong)?;
    let mut missing = Vec::new();
    let mut scripts = Vec::new();
    let mut checksums = BTreeMap::new();
    for e in &manifest.enhancements {
        match files.get(&format!("{}.up.sql", e.file)) {
            Some(up) => {
                let down = files.get(&format!("{}.down.sql", e.file)).cloned();
                let script = EnhancementScript::new(e.file.clone(), up.clone(), down);
                checksums.insert(e.file.clone(), digest(&script.folded()));
                scripts.push(script);
            }
            None => missing.push(format!("`{}.up.sql` is declared, but not in the folder", e.file)),
        }
    }
    missing.extend(files.iter().filter(|(f, _)| f.ends_with(".sql")).filter_map(|(f, text)| unreadable(f, text)));
    for file in files.keys().filter_map(|f| f.strip_suffix(".up.sql")) {
        if !manifest.enhancements.iter().any(|e| e.file == file) {
            missing.push(format!("`{}.up.sql` is in the folder, but not declared", text::inert(file)));
        }
    }
    let mut taxonomies = BTreeMap::new();
    for m in &manifest.mappings {
        match files.get(&m.taxonomy) {
            Some(text) => {
                taxonomies.insert(m.taxonomy.clone(), text.clone());
            }
            None => missing.push(format!("`{}` is the taxonomy of `{}`, but not in the folder", m.taxonomy, m.name)),
        }
    }
    missing.extend(files.iter().filter_map(|(path, sql)| {
        let inside = path.strip_prefix("queries/").filter(|p| p.ends_with(".sql"))?;
        not_a_query(path, sql, inside.starts_with("write/"))
    }));
    if !missing.is_empty() {
        return Err(wrong(missing));
    }
    let hash = |(path, text): (&String, &String)| {
        let folded = path.strip_suffix(".up.sql").and_then(|f| checksums.get(f)).cloned();
        (path.clone(), folded.unwrap_or_else(|| digest(text)))
    };
    let hashes = files.iter().map(hash).collect();
    let queries = files.iter().filter_map(|(path, sql)| {
        let inside = path.strip_prefix("queries/")?.strip_suffix(".sql")?;
        let writes = inside.starts_with("write/");
        Some(Query { name: inside.to_owned(), sql: sql.clone(), writes })
    });
    let text = files.get(MANIFEST).cloned().unwrap_or_default();
    Ok(Consolidation {
        text,
        queries: queries.collect(),
        files: hashes,
        name: manifest.name.clone().unwrap_or(name),
        manifest,
        scripts,
        checksums,
        taxonomies,
    })
}

/// Characters that a person reads otherwise than the server: a line that ends where none is seen to end, what turns the
/// writing direction, and what no statement may hold.
fn unreadable(file: &str, text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let lone = (0..bytes.len()).find(|at| bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
    let (at, what) = lone
        .map(|at| (at, "a carriage return without a line feed, which ends a comment".to_owned()))
        .or_else(|| text.find('\0').map(|at| (at, "a NUL character".to_owned())))
        .or_else(|| {
            let (at, c) = text.char_indices().find(|(_, c)| text::is_bidi(*c))?;
            Some((at, format!("U+{:04X}, which changes the writing direction", u32::from(c))))
        })?;
    let line = text[..at].matches('\n').count() + 1;
    Some(format!("`{}` line {line} holds {what}", text::inert(file)))
}

/// SHA-256 in hexadecimal.
pub fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}
