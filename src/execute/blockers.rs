//! Who is in the way of a lock.

use serde::Deserialize;

use super::job::Job;
use crate::pg::Arg;
use crate::plan::Action;
use crate::sql::{Name, Sql};

#[derive(Deserialize)]
struct Blocker {
    pid: i32,
    user: Option<String>,
    application: String,
    state: Option<String>,
    seconds: Option<i64>,
    locks: String,
}

/// Who holds locks on the tables of the run, in words; empty when nobody does or nobody can be asked.
pub async fn blockers(job: &Job) -> String {
    let mut tables: Vec<&Name> = vec![&job.plan.target];
    for step in &job.plan.steps {
        match &step.action {
            Action::Move(m) => tables.push(&m.table),
            Action::Analyze { tables: more } => tables.extend(more),
            _ => {}
        }
    }
    let tables: Vec<String> = tables.into_iter().map(Name::to_string).collect();
    let ours: Vec<String> = job.server.working().iter().map(i32::to_string).collect();
    let Ok(mut session) = job.server.open().await else { return String::new() };
    let sql = Sql::constant(include_str!("../../sql/run/blockers.sql"));
    let found = session.rows::<Blocker>("looking for blockers", &sql, &[Arg::Texts(tables), Arg::Texts(ours)]).await;
    session.close().await;
    let told: Vec<String> = found.unwrap_or_default().iter().map(worded).collect();
    if told.is_empty() { String::new() } else { format!("; in the way: {}", told.join("; ")) }
}

fn worded(b: &Blocker) -> String {
    format!(
        "server process {} (`{}`, user `{}`, {}, for {} s: {})",
        b.pid,
        crate::text::inert(&b.application),
        crate::text::inert(b.user.as_deref().unwrap_or_default()),
        b.state.as_deref().unwrap_or("state unknown"),
        b.seconds.unwrap_or_default(),
        b.locks
    )
}
