//! Tells the receiver of a plan that waits to be carried out.

use std::time::{Duration, UNIX_EPOCH};

use crate::context::Desk;
use crate::execute::Watcher;
use crate::notify::{Notifier, rfc3339};
use crate::plan::SavedPlan;
use crate::text;

/// `run.scheduled`: no run has a number yet, and the ledger is not written; what is not taken is said here.
pub fn scheduled(desk: &Desk, saved: &SavedPlan) {
    let Some(receiver) = desk.receiver() else { return };
    let name = &saved.plan.consolidation;
    let until = rfc3339(UNIX_EPOCH + Duration::from_secs(saved.expires_at));
    let steps = text::count(saved.plan.steps.len() as u64, "step");
    let notifier = Notifier::start(receiver, 0, name, None);
    let data = serde_json::json!({ "steps": saved.plan.steps.len(), "until": until });
    notifier.tell(
        "run.scheduled",
        format!("a plan of {name} with {steps} waits to be carried out until {until}"),
        data,
    );
    for lost in notifier.settle().iter().filter(|sent| !sent.delivered) {
        let why = lost.error.as_deref().unwrap_or("no answer");
        desk.out.say(&format!("the receiver was not told of the plan: {why}; the plan is saved all the same"));
    }
}
