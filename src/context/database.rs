//! What every command stands on: the consolidation, the server, and what the server holds now.

use std::collections::BTreeMap;

use super::{Desk, again};
use crate::catalog::{Catalog, Objects, Table, TypeShape};
use crate::cli::Common;
use crate::config::{Connection, Environment};
use crate::consolidation::Consolidation;
use crate::error::{Error, Result};
use crate::execute::retry::{Limits, Next, Tries};
use crate::finding::{Finding, Severity};
use crate::ledger::{Sequences, Upgrading};
use crate::pg::{Isolation, Server, Session, Settings};
use crate::plan::Plan;
use crate::planner::{self, Applied, EarlierRuns, PlanInput, Scope};
use crate::preflight::{self, Lacking, Wants};
use crate::sql::token::{Token, tokens};
use crate::sql::{Ident, Name};
use crate::{introspect, ledger, text};

/// Everything a plan is made from, read at one moment.
pub struct Ground {
    pub consolidation: Consolidation,
    pub server: Server,
    pub catalog: Catalog,
    pub objects: Objects,
    types: BTreeMap<String, TypeShape>,
    before: EarlierRuns,
    pub applied: BTreeMap<String, Applied>,
    referenced_by: Vec<(Name, Ident, Ident)>,
    lacking: Vec<Lacking>,
}

/// Opens a session on the server that flags and environment name, and brings the ledger to the version of this program.
pub async fn open(desk: &Desk, upgrading: Upgrading) -> Result<(Server, Session)> {
    let (server, mut session) = connect(&desk.common, &desk.environment).await?;
    let upgrading = if desk.dry(false)? { Upgrading::Refused } else { upgrading };
    let upgraded = again(&mut session, async |session| ledger::upgrade(session, upgrading).await).await?;
    if let Some(from) = upgraded {
        desk.out.say(&format!("the ledger was upgraded from version {from} to {}", ledger::newest_version()));
    }
    Ok((server, session))
}

/// Opens a session, whatever the version of the ledger.
pub async fn connect(common: &Common, environment: &Environment) -> Result<(Server, Session)> {
    let connection = Connection::gather(common.database_url.as_deref(), environment)?;
    let server = Server::new(&connection)?;
    // a network that is bad for a moment; one that is wrong is told soon enough
    let mut tries = Tries::new(OPENING, std::process::id().into());
    loop {
        let error = match server.open().await {
            Ok(session) => return Ok((server, session)),
            Err(error) => error,
        };
        let Next::Ask(wait) = tries.failed(&error, false) else { return Err(error) };
        if matches!(tries.asked(false), Next::GiveUp(_)) {
            return Err(error);
        }
        tokio::time::sleep(wait).await;
    }
}

/// How often the first connection is tried, within some hundred milliseconds.
const OPENING: Limits = Limits { attempts: 4, deadline: std::time::Duration::from_secs(60) };

impl Ground {
    /// Reads what is there; writes nothing.
    pub async fn survey(consolidation: Consolidation, server: Server, session: &mut Session) -> Result<Ground> {
        let m = &consolidation.manifest;
        let mut names = vec![m.target.table.name.raw().to_owned()];
        names.extend(m.sources.iter().map(|s| s.table.name.raw().to_owned()));
        names.extend(
            m.mappings.iter().flat_map(|m| [m.table.name.raw().to_owned(), m.right.table.name.raw().to_owned()]),
        );
        names.extend(m.enhancements.iter().flat_map(|e| &e.adds).map(|a| a.table.name.raw().to_owned()));
        names.extend(m.enhancements.iter().flat_map(|e| &e.writes).map(|w| w.table.name.raw().to_owned()));
        names.extend(planner::referenced(&m.target.table, &consolidation.scripts));
        let catalog = introspect::catalog(session, &names).await?;
        let target = catalog.table(&m.target.table).map(|t| t.name.clone());
        let wanted = target.as_ref().map(|t| &t.schema).or(m.target.table.schema.as_ref());
        let home = wanted.cloned().unwrap_or_else(|| catalog.home());
        let objects = introspect::objects(session, &home).await?;
        let written: Vec<String> = m.enhancements.iter().flat_map(|e| &e.adds).map(|a| a.type_name.clone()).collect();
        let types = introspect::types(session, &written).await?;
        let (before, applied) = if catalog.server.has_ledger {
            (ledger::before(session, &consolidation.name).await?, ledger::applied(session, &consolidation.name).await?)
        } else {
            (EarlierRuns::default(), BTreeMap::new())
        };
        let referenced_by = match &target {
            Some(target) => introspect::referenced_by(session, target).await?,
            None => Vec::new(),
        };
        let there = |names: Vec<&crate::sql::TableRef>| -> Vec<String> {
            names.into_iter().filter_map(|n| catalog.table(n)).map(|t| t.name.to_string()).collect()
        };
        let mappings = there(m.mappings.iter().map(|m| &m.table).collect());
        let referred = there(m.mappings.iter().map(|m| &m.right.table).collect());
        let constraints = catalog.table(&m.target.table).into_iter().flat_map(|t| &t.constraints);
        let mut parents: Vec<String> = constraints.filter_map(|c| c.references.as_ref()).map(Name::to_string).collect();
        parents.sort();
        parents.dedup();
        // of the target itself we have to be the owner
        let itself = |n: &crate::sql::TableRef| n.name == m.target.table.name;
        let referred_to = consolidation.scripts.iter().flat_map(planner::EnhancementScript::refers_to);
        let named = referred_to.filter(|n| !itself(n)).map(|n| n.to_string()).collect();
        let lacking = introspect::lacking(session, &home, [mappings, referred, parents, named]).await?;
        Ok(Ground { consolidation, server, catalog, objects, types, before, applied, referenced_by, lacking })
    }

    /// Survey and contract. Another operator may change the tables between the two: a mismatch must be seen twice.
    pub async fn agreed(
        consolidation: &Consolidation,
        server: &Server,
        session: &mut Session,
    ) -> Result<(Ground, Vec<Finding>)> {
        let mut before: Option<Vec<Finding>> = None;
        loop {
            let ground = Ground::survey(consolidation.clone(), server.clone(), session).await?;
            match ground.contract(session).await {
                Ok(notes) => return Ok((ground, notes)),
                Err(Error::Contract { findings }) if before.as_ref() != Some(&findings) => before = Some(findings),
                Err(error) => return Err(error),
            }
        }
    }

    pub fn given<'a>(&'a self, verb: &'a str, scope: Scope) -> PlanInput<'a> {
        PlanInput {
            consolidation: &self.consolidation.name,
            verb,
            manifest: &self.consolidation.manifest,
            catalog: &self.catalog,
            objects: &self.objects,
            scripts: &self.consolidation.scripts,
            taxonomies: &self.consolidation.taxonomies,
            checksums: &self.consolidation.checksums,
            applied: &self.applied,
            types: &self.types,
            before: &self.before,
            referenced_by: &self.referenced_by,
            scope,
        }
    }

    /// Everything that manifest and catalog disagree on, warnings and notes included; a refusal is the error.
    pub async fn contract(&self, session: &mut Session) -> Result<Vec<Finding>> {
        let given = self.given("contract", Scope::default());
        let mut findings = planner::contract(&given);
        findings.extend(self.another_of_that_name(session).await?);
        // in a transaction, so that no setting of ours stays behind in a pooler's connection
        session.begin(Isolation::RepeatableReadOnly, &self.settings()).await?;
        let probed = introspect::expressions(session, &planner::probes(&given)).await;
        let answered = match &probed {
            Ok(probed) if !findings.iter().chain(probed).any(Finding::refuses) => {
                introspect::answers(session, &planner::questions(&given)).await
            }
            _ => Ok(Vec::new()),
        };
        session.rollback().await?;
        findings.extend(probed?);
        findings.extend(answered?);
        findings.extend(taxonomies(&self.consolidation));
        if findings.iter().any(Finding::refuses) {
            findings.retain(Finding::refuses);
            findings.dedup();
            return Err(Error::Contract { findings });
        }
        Ok(findings)
    }

    /// The ledger knows consolidations by name: two folders of one name would take each other's runs for their own.
    async fn another_of_that_name(&self, session: &mut Session) -> Result<Option<Finding>> {
        let (true, Some(target)) = (self.catalog.server.has_ledger, self.catalog.table(&self.wanted().table)) else {
            return Ok(None);
        };
        let name = &self.consolidation.name;
        let other = ledger::another_target(session, name, &target.name).await?;
        let finding = |other: String| {
            Finding::new(
                "name-taken",
                Severity::Refusal,
                format!("consolidation {}", text::inert(name)),
                format!(
                    "the ledger knows `{}` as a consolidation into {}; this one's target is {}",
                    text::inert(name),
                    text::inert(&other),
                    text::inert(&target.name.plain())
                ),
                "give this one a name of its own at the top of its consolidation.toml: name = \"…\", or rename its folder",
            )
        };
        Ok(other.map(finding))
    }

    fn wanted(&self) -> &crate::manifest::Target {
        &self.consolidation.manifest.target
    }

    fn search_path(&self) -> Vec<Ident> {
        match self.target() {
            Ok(target) => planner::search_path(&self.consolidation.manifest, &target.name),
            Err(_) => vec![self.catalog.home()],
        }
    }

    pub fn target(&self) -> Result<&Table> {
        let wanted = &self.consolidation.manifest.target.table;
        self.catalog.table(wanted).ok_or_else(|| Error::bug("the contract passed without a target"))
    }

    /// Every table that a run can write to or read, quoted: target, sources, both sides of the mappings.
    pub fn touched(&self) -> Vec<String> {
        let m = &self.consolidation.manifest;
        let named = std::iter::once(&m.target.table).chain(m.sources.iter().map(|s| &s.table));
        let named = named.chain(m.mappings.iter().flat_map(|m| [&m.table, &m.right.table]));
        let mut all: Vec<String> = named.filter_map(|t| self.catalog.table(t)).map(|t| t.name.to_string()).collect();
        all.extend(self.referenced_by.iter().map(|(table, ..)| table.to_string()));
        all.sort();
        all.dedup();
        all
    }

    pub fn settings(&self) -> Settings {
        Settings::new(self.search_path(), self.catalog.server.version)
    }

    pub fn plan(&self, verb: &str, scope: Scope) -> Result<Plan> {
        planner::build(&self.given(verb, scope))
    }

    /// What doctor says of server and rights.
    pub fn preflight(&self, wants: Wants) -> Vec<Finding> {
        let mut findings = preflight::server(&self.catalog.server);
        findings.extend(preflight::ledger(&self.catalog.server, wants.enhance || wants.write_rows));
        if let Ok(target) = self.target() {
            let sources = &self.consolidation.manifest.sources;
            let sources: Vec<&Table> = sources.iter().filter_map(|s| self.catalog.table(&s.table)).collect();
            findings.extend(preflight::rights(&self.catalog, target, &sources, wants, &self.lacking));
        }
        findings
    }

    /// Refuses before anything is written.
    pub fn gate(&self, wants: Wants) -> Result<()> {
        let mut findings = self.preflight(wants);
        findings.retain(Finding::refuses);
        if findings.is_empty() {
            return Ok(());
        }
        Err(Error::Gate {
            what: "a preflight check refused; nothing was written".to_owned(),
            findings,
            hint: "mend what is listed, then look again: `pgfold doctor`".to_owned(),
        })
    }

    /// Mapping tables and key must be there when the enhancements are not part of the command.
    pub fn needs_enhancing(&self, scope: &Scope) -> Result<()> {
        let manifest = &self.consolidation.manifest;
        if scope.enhance || manifest.enhancements.iter().all(|e| e.after_rows || self.applied.contains_key(&e.file)) {
            return Ok(());
        }
        Err(Error::Gate {
            what: "the target is not enhanced yet; nothing was written".to_owned(),
            findings: Vec::new(),
            hint: "`pgfold enhance` first, or `pgfold apply` for everything".to_owned(),
        })
    }
}

/// Mistakes inside the taxonomies.
fn taxonomies(consolidation: &Consolidation) -> Vec<Finding> {
    let parsed = consolidation.taxonomies.iter().map(|(file, text)| crate::mapping::Taxonomy::parse(file, text));
    parsed.filter_map(std::result::Result::err).flatten().collect()
}

/// The sequences that feed the target and the mappings' tables, and what our own tries of the application's writing
/// queries may move: a number stays taken though the query is rolled back.
pub fn watched(ground: &Ground) -> Sequences {
    let m = &ground.consolidation.manifest;
    let tables = std::iter::once(&m.target.table).chain(m.mappings.iter().map(|m| &m.table));
    let mut fed: Vec<Name> = tables.filter_map(|t| ground.catalog.table(t)).flat_map(|t| t.sequences.clone()).collect();
    fed.sort_by_key(Name::to_string);
    fed.dedup();
    let writing = ground.consolidation.queries.iter().filter(|q| q.writes);
    let words = writing
        .flat_map(|q| tokens(&q.sql).unwrap_or_default().iter().filter_map(Token::identifier).collect::<Vec<_>>());
    let known = &ground.catalog.server.known_tables;
    let tried: std::collections::BTreeSet<String> = words.filter(|w| known.iter().any(|(_, t)| t == w)).collect();
    Sequences { fed, tried: tried.into_iter().collect() }
}
