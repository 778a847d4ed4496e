//! What each run did and how far it came; whether it held.

use crate::cli;
use crate::consolidation::Consolidation;
use crate::context::{Desk, Ground, has_ledger, open};
use crate::error::{Error, Result};
use crate::ledger::Upgrading;
use crate::ledger::{self, audit};
use crate::pg::Session;
use crate::run::{completion, gates, newest, nothing_yet};
use crate::{health, introspect, report};

pub async fn status(desk: &mut Desk, args: cli::Status) -> Result<()> {
    let consolidation = Consolidation::load(args.which.consolidation.as_deref())?;
    let (server, mut session) = open(desk, Upgrading::Allowed).await?;
    let name = consolidation.name.clone();
    if !has_ledger(&introspect::server(&mut session).await?)? {
        desk.out.runs(&name, &[], &nothing_yet(&consolidation))?;
        let asked = args.verify_audit || args.health || args.complete || args.run.is_some();
        return if asked {
            Err(completion::open("nothing was run on this database yet", "`pgfold apply`"))
        } else {
            Ok(())
        };
    }
    let s = &mut session;
    let mut bad: Vec<String> = Vec::new();
    let head = args.head.as_deref().map(completion::head).transpose()?;
    if args.verify_audit {
        let verified = audit::verify(s, &name, head.clone()).await?;
        desk.out.verified(&verified)?;
        bad.extend(completion::doubt(&verified));
    }
    let mut looked = None;
    if args.health {
        let ground = Ground::survey(consolidation, server, s).await?;
        let health = health::health(desk, s, &ground, args.tolerate).await?;
        desk.out.health(&health)?;
        bad.extend((!health.healthy).then(|| "health".to_owned()));
        looked = Some(health);
    }
    if args.complete {
        let runs = ledger::runs(s, Some(&name)).await?;
        let criteria = completion::criteria(s, &name, &runs, head).await?;
        desk.out.criteria(&criteria)?;
        bad.extend(criteria.iter().any(|c| !c.holds).then(|| "completion".to_owned()));
    }
    if let Some(file) = &args.metrics {
        let figures = completion::figures(s, &name).await?;
        desk.out.metrics(file, &name, figures.as_ref(), looked.as_ref())?;
    }
    if args.rollback {
        completion::ready(desk, s, &name).await?;
        gates::last(desk, &args.which, None).await?;
    }
    if !(args.rollback || args.verify_audit || args.health || args.complete || args.metrics.is_some()) {
        shown(desk, s, &name, &args).await?;
    }
    session.close().await;
    if bad.is_empty() {
        return Ok(());
    }
    Err(Error::ValidationFailed { failed: bad, hint: "what is listed above says what to do".to_owned() })
}

async fn shown(desk: &Desk, session: &mut Session, name: &str, args: &cli::Status) -> Result<()> {
    loop {
        let runs = ledger::runs(session, Some(name)).await?;
        match args.run {
            Some(run) => desk.out.report(&report::report(session, run).await?)?,
            None => desk.out.runs(name, &runs, &newest(desk, session, &args.which, &runs).await?)?,
        }
        let watched = args.run.map_or(runs.first(), |n| runs.iter().find(|r| r.run == n));
        let under_way = watched.is_some_and(|r| r.state.is_under_way());
        if !(args.watch && under_way) {
            desk.out.lost(&completion::lost(session, name).await?);
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
}
