//! Looks at server, tables and rights, and says what stands in the way.

use crate::cli;
use crate::consolidation::Consolidation;
use crate::context::{Desk, Ground, open};
use crate::error::{Error, Result};
use crate::finding::{Finding, Severity};
use crate::ledger::Upgrading;
use crate::preflight::Wants;
use crate::run::gates::production::window;
use crate::run::suggest;

pub async fn doctor(desk: &mut Desk, args: cli::Doctor) -> Result<()> {
    let consolidation = Consolidation::load(args.which.consolidation.as_deref())?;
    let (server, mut session) = open(desk, Upgrading::Refused).await?;
    let ground = Ground::survey(consolidation, server, &mut session).await?;
    let mut findings = ground.preflight(Wants { enhance: true, write_rows: true });
    findings.extend(ground.around(&mut session, args.disk_free).await?);
    findings.extend(window(desk, &mut session).await?);
    findings.push(desk.backed_up(&ground.catalog.server, args.backup_age)?);
    let broken = match ground.contract(&mut session).await {
        Ok(notes) => {
            let about = ground.consolidation.name.clone();
            findings.push(Finding::new("contract", Severity::Ok, about, "manifest and catalog agree", ""));
            findings.extend(notes);
            None
        }
        Err(Error::Contract { findings: mismatches }) => Some(mismatches),
        Err(other) => return Err(other),
    };
    session.close().await;
    findings.extend(broken.clone().unwrap_or_default());
    findings.sort_by_key(|f| std::cmp::Reverse(f.severity));
    desk.out.findings(&ground.consolidation.name, &findings)?;
    suggest(desk, args.suggest.suggest.as_deref(), &ground.consolidation, broken.as_deref())?;
    if let Some(mismatches) = broken {
        return Err(Error::Contract { findings: mismatches }.told());
    }
    if findings.iter().any(Finding::refuses) {
        return Err(Error::Gate {
            what: "something stands in the way".to_owned(),
            findings: Vec::new(),
            hint: "mend what is listed as refused, then `pgfold doctor` again".to_owned(),
        });
    }
    Ok(())
}
