//! The dry run: the classifier of the real run, asked in a transaction that the server keeps read-only.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::facts::{Counts, Outcome, ReasonCode};
use crate::ledger::{Raised, SourceRow};
use crate::pg::{Arg, Isolation, Session, Settings};
use crate::plan::{Action, LoadStep, Plan, PreviewQueries};
use crate::sql::Sql;

/// What a run would do.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Outlook {
    pub sources: Vec<LookedAt>,
    /// Whether there are rows that cannot even be evaluated.
    #[serde(skip)]
    pub raises: bool,
}

/// What would become of one source.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LookedAt {
    pub source: String,
    pub outcomes: SourceRow,
    /// Outcome, reason and how many rows, as counted.
    pub reasons: Vec<Reason>,
    pub rows: Vec<Fate>,
    pub differences: Vec<Difference>,
    pub faults: Vec<Fault>,
    pub counters: Vec<Counter>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reason {
    pub outcome: Outcome,
    /// In words.
    pub reason: Option<String>,
    #[serde(default)]
    pub reason_code: Option<ReasonCode>,
    pub rows: u64,
}

/// One source row and what it would become.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Fate {
    pub id: String,
    pub key: Option<String>,
    pub outcome: Outcome,
    pub reason: Option<String>,
    #[serde(default)]
    pub reason_code: Option<ReasonCode>,
    pub winner: Option<String>,
    pub target_id: Option<String>,
}

/// A row whose key the target holds with other content.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Difference {
    pub id: String,
    pub key: String,
    pub outcome: Outcome,
    /// The target row or the winner that it is compared with.
    pub holder: String,
    pub there: serde_json::Value,
    pub incoming: serde_json::Value,
}

/// One fault of a row that would be rejected.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Fault {
    pub id: String,
    pub key: Option<String>,
    pub code: String,
    pub object: String,
}

/// How often a column would take its default or lose precision.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Counter {
    pub kind: String,
    pub column: String,
    pub rows: u64,
    /// A row that it happens to.
    pub example: Option<String>,
}

/// Rows that share outcome, reason and counters.
#[derive(Deserialize)]
struct Group {
    outcome: Outcome,
    reason: Option<String>,
    reason_code: Option<ReasonCode>,
    defaulted: Option<Vec<String>>,
    lossy: Option<Vec<String>>,
    rows: u64,
    example: Option<String>,
}

/// How much of each list to fetch; counts are always whole.
#[derive(Debug, Clone, Copy)]
pub struct Most {
    pub rows: u64,
    pub differences: u64,
    pub faults: u64,
    /// Whether sensitive columns are shown.
    pub reveal: bool,
    /// Connections to ask by: with two, sources are looked at side by side.
    pub sessions: usize,
}

impl Most {
    fn only_counts(&self) -> bool {
        self.rows == 0 && self.differences == 0
    }
}

/// Looks at every source of the plan, each in a read-only snapshot.
pub async fn look(session: &mut Session, plan: &Plan, settings: &Settings, most: Most) -> Result<Outlook> {
    let moves: Vec<&LoadStep> = moves(plan).collect();
    // rows that raise are rare: they are looked for only where there are some
    match look_at_all(session, plan, settings, most, vec![Vec::new(); moves.len()]).await {
        Err(Error::Refused { server, .. }) if server.is_about_a_row() => {}
        looked => return looked,
    }
    let mut raised = Vec::new();
    for m in &moves {
        raised.push(raising(session, &m.look, &settings.in_zone(m.timezone.as_deref())).await?);
    }
    look_at_all(session, plan, settings, most, raised).await
}

fn moves(plan: &Plan) -> impl Iterator<Item = &LoadStep> {
    plan.steps.iter().filter_map(|s| match &s.action {
        Action::Move(m) => Some(m.as_ref()),
        _ => None,
    })
}

async fn look_at_all(
    session: &mut Session,
    plan: &Plan,
    settings: &Settings,
    most: Most,
    raised: Vec<Vec<Raised>>,
) -> Result<Outlook> {
    let named = moves(plan).zip(&raised).flat_map(|(m, all)| all.iter().map(|r| format!("{} {}", m.source, r.id)));
    let args = [Arg::Int(0), Arg::OptionalText(None), Arg::OptionalText(None), Arg::Texts(named.collect())];
    let mut outlook = Outlook { raises: raised.iter().any(|r| !r.is_empty()), ..Outlook::default() };
    let all: Vec<&LoadStep> = moves(plan).collect();
    let other = if most.sessions > 1 && all.len() > 1 { session.sister().await.ok() } else { None };
    let told = match other {
        None => in_turn(session, all.iter().copied(), settings, &args, most).await?,
        Some(mut other) => {
            let first = in_turn(session, all.iter().copied().step_by(2), settings, &args, most);
            let second = in_turn(&mut other, all.iter().copied().skip(1).step_by(2), settings, &args, most);
            let (first, second) = tokio::join!(first, second);
            other.close().await;
            let (mut first, mut second) = (first?.into_iter(), second?.into_iter());
            (0..all.len()).filter_map(|n| if n % 2 == 0 { first.next() } else { second.next() }).collect()
        }
    };
    for ((m, told), raised) in all.iter().zip(told).zip(raised) {
        outlook.sources.push(look_at(m, told, raised, most));
    }
    let rejected: u64 = outlook.sources.iter().map(|s| s.outcomes.counts.rejected).sum();
    if most.only_counts() && rejected > plan.max_rejects {
        for (m, looked) in moves(plan).zip(&mut outlook.sources).filter(|(_, l)| l.outcomes.counts.rejected > 0) {
            let limited = Sql::fill(
                "select * from (${q}) pgfold_q limit ${n}",
                &[("q", &m.look.faults), ("n", &(most.faults as i64))],
            );
            session.begin(Isolation::RepeatableReadOnly, &settings.in_zone(m.timezone.as_deref())).await?;
            let faults = session.rows(&format!("looking at {}", m.source), &limited, &args).await;
            session.rollback().await?;
            let raised = std::mem::replace(&mut looked.faults, faults?);
            looked.faults.extend(raised);
            looked.faults.truncate(most.faults as usize);
        }
    }
    Ok(outlook)
}

/// Each source in a snapshot of its own.
async fn in_turn(
    session: &mut Session,
    moves: impl Iterator<Item = &'_ LoadStep>,
    settings: &Settings,
    args: &[Arg],
    most: Most,
) -> Result<Vec<Told>> {
    let mut all = Vec::new();
    for m in moves {
        session.begin(Isolation::RepeatableReadOnly, &settings.in_zone(m.timezone.as_deref())).await?;
        if !m.look.settings.is_empty() {
            session.script("preparing to look", &m.look.settings).await?;
        }
        let told = told(session, m, args, most).await;
        session.rollback().await?;
        all.push(told?);
    }
    Ok(all)
}

/// What the server says of one source.
#[derive(Default)]
struct Told {
    groups: Vec<Group>,
    rows: Vec<Fate>,
    faults: Vec<Fault>,
    differences: Vec<Difference>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase", tag = "part", content = "told")]
enum Part {
    Group(Group),
    Row(Fate),
    Fault(Fault),
    Difference(Difference),
}

async fn told(session: &mut Session, m: &LoadStep, args: &[Arg], most: Most) -> Result<Told> {
    let doing = format!("looking at {}", m.source);
    if most.only_counts() {
        return Ok(Told { groups: session.rows(&doing, &m.look.counts, args).await?, ..Told::default() });
    }
    let mut args = args.to_vec();
    args.extend([most.rows, most.faults, most.differences].map(|n| Arg::Int(n as i64)));
    let sql = if most.reveal { &m.look.told_revealed } else { &m.look.told };
    let mut told = Told::default();
    for part in session.rows::<Part>(&doing, sql, &args).await? {
        match part {
            Part::Group(group) => told.groups.push(group),
            Part::Row(row) => told.rows.push(row),
            Part::Fault(fault) => told.faults.push(fault),
            Part::Difference(difference) => told.differences.push(difference),
        }
    }
    Ok(told)
}

fn look_at(m: &LoadStep, told: Told, raised: Vec<Raised>, most: Most) -> LookedAt {
    let Told { groups, mut rows, mut faults, differences } = told;
    let (mut reasons, counters) = counted(groups);
    if m.left_out && !raised.is_empty() {
        let rows = raised.len() as u64;
        reasons.push(Reason {
            outcome: Outcome::Pending,
            reason: Some("left out".to_owned()),
            reason_code: Some(ReasonCode::LeftOut),
            rows,
        });
    }
    for r in raised.iter().filter(|_| !m.left_out) {
        let reason_code = ReasonCode::parse(&r.code);
        let reason = [Some(r.code.clone()), r.object.clone()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        match reasons.iter_mut().find(|x| x.reason.as_deref() == Some(reason.as_str())) {
            Some(known) => known.rows += 1,
            None => {
                reasons.push(Reason { outcome: Outcome::Rejected, reason: Some(reason.clone()), reason_code, rows: 1 })
            }
        }
        if (rows.len() as u64) < most.rows {
            let fate = Fate {
                id: r.id.clone(),
                key: None,
                outcome: Outcome::Rejected,
                reason: Some(reason),
                reason_code,
                winner: None,
                target_id: None,
            };
            rows.push(fate);
        }
        if (faults.len() as u64) < most.faults {
            let object = r.object.clone().unwrap_or_default();
            faults.push(Fault { id: r.id.clone(), key: None, code: r.code.clone(), object });
        }
    }
    let outcomes = outcomes(&m.source, &reasons);
    LookedAt { source: m.source.clone(), outcomes, reasons, rows, differences, faults, counters }
}

/// The groups by outcome and reason, and by column.
fn counted(groups: Vec<Group>) -> (Vec<Reason>, Vec<Counter>) {
    let (mut reasons, mut counters): (Vec<Reason>, Vec<Counter>) = (Vec::new(), Vec::new());
    for g in groups {
        let arrives = g.outcome.is_loaded();
        for (kind, columns) in [("default", &g.defaulted), ("loss", &g.lossy)] {
            for column in columns.iter().flatten().filter(|_| arrives) {
                match counters.iter_mut().find(|c| c.kind == kind && c.column == *column) {
                    Some(known) => known.rows += g.rows,
                    None => counters.push(Counter {
                        kind: kind.to_owned(),
                        column: column.clone(),
                        rows: g.rows,
                        example: g.example.clone(),
                    }),
                }
            }
        }
        match reasons.iter_mut().find(|r| r.outcome == g.outcome && r.reason == g.reason) {
            Some(known) => known.rows += g.rows,
            None => {
                reasons.push(Reason { outcome: g.outcome, reason: g.reason, reason_code: g.reason_code, rows: g.rows })
            }
        }
    }
    (reasons, counters)
}

fn outcomes(source: &str, reasons: &[Reason]) -> SourceRow {
    let mut counts = Counts::default();
    reasons.iter().for_each(|r| counts.note(r.outcome, r.rows));
    SourceRow { source: source.to_owned(), counts }
}

/// The rows that raise when they are evaluated, found by halving ranges; evaluation writes nothing.
pub async fn raising(session: &mut Session, look: &PreviewQueries, settings: &Settings) -> Result<Vec<Raised>> {
    session.begin(Isolation::RepeatableReadOnly, settings).await?;
    let found = halve(session, look, 0).await;
    session.rollback().await?;
    found
}

/// In a transaction that is open already; `run` where the statements ask for one.
type Range = (Option<Vec<String>>, Option<Vec<String>>);

#[derive(Deserialize)]
struct Half {
    rows: u64,
    middle: Option<Vec<String>>,
}

pub(super) async fn halve(session: &mut Session, look: &PreviewQueries, run: i64) -> Result<Vec<Raised>> {
    let mut found = Vec::new();
    let mut open: Vec<Range> = vec![(None, None)];
    while let Some((above, upto)) = open.pop() {
        let args = range_args(run, &above, &upto);
        session.savepoint().await?;
        let evaluated: Result<Vec<serde_json::Value>> = session.rows("evaluating rows", &look.evaluate, &args).await;
        let server = match evaluated {
            Ok(_) => {
                session.release_savepoint().await?;
                continue;
            }
            Err(Error::Refused { server, .. }) if server.is_about_a_row() => server,
            Err(other) => return Err(other),
        };
        session.back_to_savepoint().await?;
        let half: Half = session.one("halving a range", &look.halve, &args[..3]).await?;
        let Some(middle) = half.middle else { continue };
        if half.rows <= 1 {
            let object = server.column.clone().or_else(|| server.constraint.clone());
            let id = as_one(&middle);
            found.push(Raised { id, code: server.code.clone(), object, message: server.whole() });
        } else {
            open.push((Some(middle.clone()), upto));
            open.push((above, Some(middle)));
        }
    }
    Ok(found)
}

/// The arguments that every range statement takes: run, above, up to, ids to leave out.
pub fn range_args(run: i64, above: &Option<Vec<String>>, upto: &Option<Vec<String>>) -> Vec<Arg> {
    let end = |e: &Option<Vec<String>>| e.clone().map_or(Arg::OptionalText(None), Arg::Texts);
    vec![Arg::Int(run), end(above), end(upto), Arg::Texts(Vec::new())]
}

/// An identity as the crosswalk holds it: the value itself, or an array's text for several columns.
pub fn as_one(id: &[String]) -> String {
    match id {
        [one] => one.clone(),
        many => {
            // PostgreSQL quotes array elements that hold braces, commas, quotes, its own six blanks or backslashes
            let quote = |s: &String| {
                let plain = !s.is_empty()
                    && !s.eq_ignore_ascii_case("null")
                    && !s.contains(|c: char| " \t\n\r\u{b}\u{c}{},\"\\".contains(c));
                if plain { s.clone() } else { format!("\"{}\"", s.replace('\\', "\\\\").replace('"', "\\\"")) }
            };
            format!("{{{}}}", many.iter().map(quote).collect::<Vec<_>>().join(","))
        }
    }
}
