//! Drafts a folder from the live catalog, or copies a bundled one; overwrites nothing.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use crate::catalog::{Catalog, Table};
use crate::cli;
use crate::consolidation::{Consolidation, bundled_files};
use crate::context::{Desk, Ground, open};
use crate::error::{Error, Result};
use crate::introspect;
use crate::ledger::Upgrading;
use crate::pg::{Isolation, Session, Settings};
use crate::planner::{Draft, ProfiledTable, draft};
use crate::sql::{Ident, Sql, TableRef};
use crate::text;

pub async fn drafted(desk: &mut Desk, args: cli::Init) -> Result<()> {
    if let Some(name) = &args.from {
        let files = bundled_files(name)?;
        write(&args.folder, &files)?;
        let said = format!(
            "{} of `{name}` copied to {}; next: `pgfold doctor {}`",
            text::count(files.len() as u64, "file"),
            args.folder.display(),
            args.folder.display()
        );
        return desk.out.drafted(&args.folder, &files, &[said], &[]);
    }
    let (server, mut session) = open(desk, Upgrading::Refused).await?;
    let wanted: Vec<TableRef> = args.target.iter().chain(&args.source).map(|t| table_ref(t)).collect();
    let names: Vec<String> = wanted.iter().map(|t| t.name.raw().to_owned()).collect();
    let catalog = introspect::catalog(&mut session, &names).await?;
    let tables: Vec<&Table> = wanted.iter().map(|t| find(&catalog, t)).collect::<Result<_>>()?;
    let settings = Settings::new(vec![catalog.home()], catalog.server.version);
    session.begin(Isolation::RepeatableReadOnly, &settings).await?;
    let mut seen = Vec::new();
    for table in tables {
        seen.push(look(&mut session, table).await?);
    }
    session.rollback().await?;
    let Some((target, sources)) = seen.split_first() else { return Err(Error::bug("no table was named")) };
    let drafted = draft(target, sources);
    write(&args.folder, &drafted.files)?;
    let mut said = vec![told(&args.folder, &drafted)];
    let mut open = Vec::new();
    let consolidation = Consolidation::load(args.folder.to_str())?;
    let ground = Ground::survey(consolidation, server, &mut session).await?;
    match ground.contract(&mut session).await {
        Ok(_) => said.push(format!(
            "manifest and catalog agree; next: `pgfold migrate {} --dry-run` once the comments are decided",
            args.folder.display()
        )),
        Err(Error::Contract { findings }) => {
            said.push("to be decided before it can run:".to_owned());
            open = findings;
        }
        Err(other) => return Err(other),
    }
    session.close().await;
    desk.out.drafted(&args.folder, &drafted.files, &said, &open)
}

fn told(folder: &Path, drafted: &Draft) -> String {
    format!(
        "{} is drafted: {}, {} commented out, {} kept as jsonb",
        folder.display(),
        text::count(drafted.likely, "likely mapping"),
        text::count(drafted.uncertain, "uncertain one"),
        text::count(drafted.kept, "column"),
    )
}

fn table_ref(written: &str) -> TableRef {
    let plain = |s: &str| Ident::of_the_server(s.trim_matches('"'));
    match written.split_once('.') {
        Some((schema, name)) => TableRef { schema: Some(plain(schema)), name: plain(name) },
        None => TableRef { schema: None, name: plain(written) },
    }
}

fn find<'a>(catalog: &'a Catalog, wanted: &TableRef) -> Result<&'a Table> {
    catalog.table(wanted).ok_or_else(|| {
        let near = text::nearest(wanted.name.raw(), catalog.server.known_tables.iter().map(|(_, t)| t.as_str()));
        let hint = match near.is_empty() {
            true => "is this the right database? `psql -c '\\dt'` lists its tables".to_owned(),
            false => format!("did you mean {}?", text::quoted_list(&near)),
        };
        Error::usage(
            format!("there is no table `{}` in `{}`", text::inert(&wanted.plain()), catalog.server.database),
            hint,
        )
    })
}

async fn look(session: &mut Session, table: &Table) -> Result<ProfiledTable> {
    #[derive(serde::Deserialize)]
    struct Sample {
        column_name: String,
        values: Option<BTreeSet<String>>,
    }
    let sql = Sql::fill(include_str!("../sql/introspect/sample.sql"), &[("table", &table.name)]);
    let rows: Vec<Sample> = session.rows("looking at values", &sql, &[]).await?;
    let samples = rows.into_iter().map(|s| (s.column_name, s.values.unwrap_or_default())).collect();
    Ok(ProfiledTable { table: table.clone(), samples })
}

/// All of them or, where one is there already, none.
fn write(folder: &Path, files: &[(String, String)]) -> Result<()> {
    if let Some((name, _)) = files.iter().find(|(name, _)| folder.join(name).exists()) {
        return Err(Error::usage(
            format!("`{}` is there already; nothing is overwritten", folder.join(name).display()),
            "name another folder",
        ));
    }
    for (name, text) in files {
        let file = folder.join(name);
        let inside = file.parent().unwrap_or(folder);
        std::fs::create_dir_all(inside).map_err(|e| Error::named_file("make the folder", inside, &e))?;
        let mut options = std::fs::OpenOptions::new();
        let opened = options.write(true).create_new(true).open(&file);
        let written = opened.and_then(|mut f| f.write_all(text.as_bytes()));
        written.map_err(|e| Error::file("write", &file, e))?;
    }
    Ok(())
}
