//! Mappings looked at without writing: what inference would say, the review list, decisions, statistics.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;

use crate::context::{Desk, Ground};
use crate::error::{Error, Result};
use crate::execute::{MappingOutlook, Prepared, look_at_mapping, review_lines, statistics_today};
use crate::folder::Sheet;
use crate::manifest::Mapping;
use crate::mapping::Names;
use crate::mapping::review::{self, Headings, Known};
use crate::pg::{Arg, Isolation, Session};
use crate::plan::{Decided, MapStep};
use crate::planner::{Scope, fillable, one_mapping};

fn step(ground: &Ground, name: &str) -> Result<MapStep> {
    let given = ground.given("map", Scope::default());
    let mapping = ground.consolidation.manifest.mapping(name);
    let mapping = mapping.ok_or_else(|| Error::bug(format!("no mapping {name}")))?;
    one_mapping(&given, ground.target()?, mapping)
}

async fn reading<T>(
    session: &mut Session,
    ground: &Ground,
    look: impl AsyncFnOnce(&mut Session) -> Result<T>,
) -> Result<T> {
    session.begin(Isolation::RepeatableReadOnly, &ground.settings()).await?;
    let looked = look(session).await;
    session.rollback().await?;
    looked
}

/// What `map` would do, with the statistics that it would lead to.
pub async fn look_at_mappings(
    ground: &Ground,
    session: &mut Session,
    names: &[String],
    most: u64,
) -> Result<Vec<MappingOutlook>> {
    let mut out = Vec::new();
    for name in names {
        let map = step(ground, name)?;
        let has_ledger = ground.catalog.server.has_ledger;
        out.push(
            reading(session, ground, async |session| look_at_mapping(session, &map, has_ledger, most).await).await?,
        );
    }
    Ok(out)
}

/// Today's statistics as CSV.
pub async fn statistics_out(
    desk: &Desk,
    ground: &Ground,
    session: &mut Session,
    names: &[String],
    file: &Path,
) -> Result<()> {
    let wrong = |e: csv::Error| Error::file("write", file, e);
    let columns = ["mapping", "by", "value", "rows", "primaries", "mean_confidence", "unmapped"];
    let mut csv = Sheet::new(opened(file)?, &columns).map_err(wrong)?;
    for name in names {
        let map = step(ground, name)?;
        let has = ground.catalog.server.has_ledger;
        let (statistics, codes) =
            reading(session, ground, async |s| statistics_today(s, &map, has, false).await).await?;
        for line in statistics.lines(&codes) {
            let by = serde_json::to_value(line.by).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
            let optional = |n: Option<String>| n.unwrap_or_default();
            let fields = [
                name.clone(),
                by,
                line.value.clone(),
                line.rows.to_string(),
                line.primaries.to_string(),
                optional(line.mean_confidence.map(|c| format!("{c:.3}"))),
                optional(line.unmapped.map(|n| n.to_string())),
            ];
            csv.line(fields).map_err(wrong)?;
        }
    }
    csv.flush().map_err(|e| Error::file("write", file, e))?;
    desk.out.words(&format!("statistics are in {}", file.display()))
}

/// Text that a spreadsheet takes for text; all of it stays, because the keys of a review list must come back.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn opened(file: &Path) -> Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    options.open(file).map_err(|e| Error::named_file("write", file, &e))
}

/// Rows without a mapping, and rows that stand by the fallback, each with candidates and evidence.
pub async fn review_out(
    desk: &Desk,
    ground: &Ground,
    session: &mut Session,
    names: &[String],
    file: &Path,
) -> Result<()> {
    let mut csv = csv::Writer::from_writer(opened(file)?);
    let wrong = |e: csv::Error| Error::file("write", file, e);
    csv.write_record(review::COLUMNS).map_err(wrong)?;
    let mut listed = 0;
    for name in names {
        let map = step(ground, name)?;
        let has_ledger = ground.catalog.server.has_ledger;
        let lines = reading(session, ground, async |session| review_lines(session, &map, has_ledger).await).await?;
        for (key, verdict) in lines {
            csv.write_record(review::line(&key, &verdict).iter().map(|f| harmless(f))).map_err(wrong)?;
            listed += 1;
        }
    }
    csv.flush().map_err(|e| Error::file("write", file, e))?;
    let rows = crate::text::count(listed, "row");
    desk.out.words(&format!(
        "{rows} for review in {}; fill the column `decision`, then `pgfold map NAME --review-in FILE`",
        file.display()
    ))
}

#[derive(Deserialize)]
struct Keyed {
    key: String,
    id: String,
}

/// The decisions of a file, with every mistake at once and nothing applied where there is one.
pub async fn review_in(ground: &Ground, session: &mut Session, name: &str, file: &Path) -> Result<Vec<Decided>> {
    let text = std::fs::read_to_string(file).map_err(|e| Error::named_file("read", file, &e))?;
    let map = step(ground, name)?;
    let mapping = ground.consolidation.manifest.mapping(name);
    let mapping = mapping.ok_or_else(|| Error::bug(format!("no mapping {name}")))?;
    let headings = headings(mapping, ground.consolidation.manifest.target.key.raw());
    let keys = review::keys(&text, &headings);
    let has_ledger = ground.catalog.server.has_ledger;
    let (prepared, rows) = reading(session, ground, async |session| {
        let prepared = Prepared::read(session, &map, has_ledger).await?;
        let rows: Vec<Keyed> = session.rows("looking for keys", &map.keyed, &[Arg::Texts(keys)]).await?;
        Ok((prepared, rows))
    })
    .await?;
    let there: BTreeMap<String, String> = rows.into_iter().map(|r| (r.key, r.id)).collect();
    let fillable = ground.catalog.table(&mapping.table).map(|t| fillable(mapping, t)).unwrap_or_default();
    let names = Names::new(&prepared.taxonomy, &prepared.rights);
    let known = Known { names: &names, at_most: prepared.taxonomy.at_most.max(1), headings, fillable: &fillable };
    let shown = file.display().to_string();
    let exist =
        |asked: &BTreeSet<&str>| asked.iter().filter(|k| there.contains_key(**k)).map(|k| (*k).to_owned()).collect();
    let decisions = review::decisions(&shown, &text, &known, exist).map_err(|findings| Error::Gate {
        what: format!("{} in {shown}; nothing was applied", crate::text::count(findings.len() as u64, "mistake")),
        findings,
        hint: "correct the lines that are listed, then the same command again".to_owned(),
    })?;
    let mut decided: Vec<Decided> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for d in decisions {
        let Some(left_id) = there.get(&d.key) else { continue };
        let rights: Vec<String> = d.codes.iter().filter_map(|c| prepared.ids.get(c).cloned()).collect();
        let put = vec![d.put; rights.len()];
        match places.get(left_id) {
            // several lines for one row: its first line names the primary one
            Some(place) => {
                let known = &mut decided[*place];
                known.right_ids.extend(rights);
                known.put.extend(put);
                known.evidence.push_str(&format!(", {}", d.line));
            }
            None => {
                places.insert(left_id.clone(), decided.len());
                let evidence = format!("{shown}:{}", d.line);
                decided.push(Decided { left_id: left_id.clone(), right_ids: rights, put, evidence });
            }
        }
    }
    Ok(decided)
}

/// What people call the two columns that count, besides `key` and `decision`: the target's key, and
/// on the right the code's own name or the mapping's.
fn headings(mapping: &Mapping, key: &str) -> Headings {
    let singular = mapping.name.strip_suffix('s').unwrap_or(&mapping.name).to_owned();
    let decision = ["decision", "code", &mapping.name, &singular, mapping.right.code.raw(), mapping.right.name.raw()];
    // where both tables call their key alike, the heading means the left row
    let decision = decision.into_iter().filter(|name| *name != key).map(str::to_lowercase).collect();
    Headings { key: vec!["key".to_owned(), key.to_lowercase()], decision }
}
