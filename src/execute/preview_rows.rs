//! Everything that a dry run foretells, row by row, with memory for one row.

use serde_json::{Value, json};

use super::preview::raising;
use crate::error::Result;
use crate::pg::{Arg, Isolation, Session, Settings};
use crate::plan::{Action, LoadStep, Plan};

/// Gives every row, fault and difference to `taker`, with its kind: `rows`, `faults` or `differences`.
pub async fn foretell(
    session: &mut Session,
    plan: &Plan,
    settings: &Settings,
    reveal: bool,
    mut taker: impl FnMut(&'static str, Value) -> Result<()>,
) -> Result<()> {
    let moves = plan.steps.iter().filter_map(|s| match &s.action {
        Action::Move(m) => Some(m.as_ref()),
        _ => None,
    });
    let moves: Vec<&LoadStep> = moves.collect();
    let mut left_out = Vec::new();
    for m in &moves {
        for r in raising(session, &m.look, &settings.in_zone(m.timezone.as_deref())).await? {
            left_out.push(format!("{} {}", m.source, r.id));
            let object = r.object.unwrap_or_default();
            let reason = format!("{} {object}", r.code);
            let fate = json!({ "source": m.source, "id": r.id, "outcome": "rejected", "reason": reason.trim_end(), "reason_code": r.code });
            taker("rows", fate)?;
            taker("faults", json!({ "source": m.source, "id": r.id, "code": r.code, "object": object }))?;
        }
    }
    for m in moves {
        let args = [Arg::Int(0), Arg::OptionalText(None), Arg::OptionalText(None), Arg::Texts(left_out.clone())];
        session.begin(Isolation::RepeatableReadOnly, &settings.in_zone(m.timezone.as_deref())).await?;
        let sides = if reveal { &m.look.revealed } else { &m.look.differences };
        let mut done = Ok(());
        for (kind, sql) in [("rows", &m.look.rows), ("faults", &m.look.faults), ("differences", sides)] {
            if done.is_ok() && !sql.is_empty() {
                let doing = format!("looking at {}", m.source);
                done = session
                    .each(&doing, sql, &args, |mut row| {
                        row["source"] = m.source.as_str().into();
                        taker(kind, row)
                    })
                    .await;
            }
        }
        session.rollback().await?;
        done?;
    }
    Ok(())
}
