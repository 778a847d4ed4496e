//! When a consolidation is complete: every criterion, and whether it holds.

use crate::context::Desk;
use crate::error::{Error, Result};
use crate::folder::Folder;
use crate::health::{checkpoints, standing};
use crate::ledger::audit::{self, Tail, Verified};
use crate::ledger::{self, Hashed, Ready, RunRow, ledger_sql};
use crate::pg::{Arg, Session};
use crate::report::{Criterion, Figures, LostMessages};
use crate::text;

#[derive(serde::Deserialize)]
struct Facts {
    healthy: Option<bool>,
    review: u64,
    pending: u64,
    rejected: u64,
}

pub async fn criteria(
    session: &mut Session,
    consolidation: &str,
    runs: &[RunRow],
    head: Option<(i64, String)>,
) -> Result<Vec<Criterion>> {
    let mut out = Vec::new();
    let mut say = |what: &str, holds: bool, why: String| {
        out.push(Criterion { what: what.to_owned(), holds, why: if holds { String::new() } else { why } });
    };
    let open: Vec<String> = (runs.iter())
        .filter(|r| r.stands() && (r.state.is_open() || r.state.is_under_way()))
        .map(|r| format!("run {} is {}", r.run, r.state))
        .collect();
    say("every run came to its end", open.is_empty(), format!("{}: `pgfold resume`", open.join(", ")));
    let Some(newest) = standing(runs) else {
        say("a run stands", false, "`pgfold apply`".to_owned());
        return Ok(out);
    };
    say("a run stands", true, String::new());
    say("its checks passed", newest.validated == Some(true), "`pgfold validate`".to_owned());
    let facts: Facts = session
        .one("reading the ledger", &ledger_sql!("completion"), &[consolidation.into(), Arg::Int(newest.run)])
        .await?;
    say("no legacy row was rejected", facts.rejected == 0, format!("{} were: rejects.csv has them", facts.rejected));
    say("no legacy row waits", facts.pending == 0, format!("{} do: `pgfold migrate`", facts.pending));
    say("no mapping waits for a person", facts.review == 0, format!("{} do: review.csv has them", facts.review));
    say("the last look after the run was healthy", facts.healthy == Some(true), "`pgfold status --health`".to_owned());
    for c in checkpoints(session, newest.run).await? {
        let why = if c.is_due {
            "due: `pgfold status --health`".to_owned()
        } else {
            format!("not before {}", c.due.get(..16).unwrap_or(&c.due))
        };
        say(&format!("a healthy look {} after the run", c.name), c.done, why);
    }
    let chain = audit::verify(session, consolidation, head).await?;
    say("the audit chain is whole", chain.broken.is_empty(), "`pgfold status --verify-audit`".to_owned());
    Ok(out)
}

/// Nothing to look at yet.
pub fn open(what: &str, hint: &str) -> Error {
    Error::Gate { what: what.to_owned(), findings: Vec::new(), hint: hint.to_owned() }
}

/// A head as it was typed, or the first line of a file that holds one.
pub fn head(given: &str) -> Result<(i64, String)> {
    let parse = |text: &str| {
        let (seq, digest) = text.lines().next()?.trim().split_once(':')?;
        let hex = digest.len() == 64 && digest.chars().all(|c| c.is_ascii_hexdigit());
        hex.then(|| seq.parse().ok().map(|seq: i64| (seq, digest.to_lowercase()))).flatten()
    };
    if let Some(head) = parse(given) {
        return Ok(head);
    }
    let path = std::path::Path::new(given);
    let text = std::fs::read_to_string(path).ok();
    text.as_deref().and_then(parse).ok_or_else(|| {
        Error::usage(
            format!("`{}` is neither a head nor a file that holds one", text::inert(given)),
            "give audit-head.txt of a run's folder, or NUMBER:DIGEST as a report prints it",
        )
    })
}

/// Why a chain is not passed, if it is not.
pub fn doubt(verified: &Verified) -> Option<String> {
    match (verified.broken.is_empty(), verified.tail) {
        (false, _) => Some("the audit chain is broken".to_owned()),
        (true, Tail::NotProven) => Some("the audit chain's tail is NOT PROVEN".to_owned()),
        _ => None,
    }
}

pub async fn lost(session: &mut Session, consolidation: &str) -> Result<Vec<LostMessages>> {
    session.rows("reading the notifications", &ledger_sql!("lost_messages"), &[consolidation.into()]).await
}

pub async fn figures(session: &mut Session, consolidation: &str) -> Result<Option<Figures>> {
    session.maybe("reading the figures", &ledger_sql!("metrics"), &[consolidation.into()]).await
}

/// How to go back from each run, here and as a page in its folder.
pub async fn ready(desk: &Desk, session: &mut Session, name: &str) -> Result<()> {
    let ready = ledger::ready(session, name, desk.window()?, Hashed::Again).await?;
    desk.out.ready(name, &ready)?;
    hand_over(desk, name, &ready)
}

/// `rollback-readiness.md` in the folder of every run that stands, where that is on this machine.
pub fn hand_over(desk: &Desk, name: &str, ready: &[Ready]) -> Result<()> {
    let page = desk.out.ready_page(name, ready);
    for folder in ready.iter().filter_map(|r| r.folder.as_ref()).map(std::path::Path::new).filter(|f| f.is_dir()) {
        Folder::there(folder).write("rollback-readiness.md", &page)?;
    }
    Ok(())
}

/// The same at the end of a run, whatever that end is; it must not hide it.
pub async fn hand_over_at_the_end(desk: &Desk, session: &mut Session, name: &str) {
    hand_over_after(desk, session, name, &[]).await;
}

/// The same after some runs were taken back, whose pages say otherwise until then.
pub async fn hand_over_after(desk: &Desk, session: &mut Session, name: &str, back: &[RunRow]) {
    let done = async {
        let ready = ledger::ready(session, name, desk.window()?, Hashed::AtTheEnd).await?;
        hand_over(desk, name, &ready)?;
        let page = desk.out.ready_page(name, &ready);
        let folders = back.iter().filter_map(|r| r.folder.as_ref()).map(std::path::PathBuf::from);
        let mut there = folders.filter(|f| f.is_dir());
        there.try_for_each(|path| Folder::there(&path).write("rollback-readiness.md", &page))
    };
    if let Err(e) = done.await {
        tracing::warn!("the page for whoever is on call was not written: {e}");
    }
}
