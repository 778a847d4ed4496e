//! What there is to look at, piece by piece, so that two sessions can share it.

use tokio::sync::OnceCell;

use super::beside::Queue;
use super::queries::{Asked, Measured};
use super::{Check, Subject, arrived, checks, queries};
use crate::error::Result;
use crate::pg::{Session, Settings};
use crate::sql::{Literal, Sql};

/// One piece of the checks 1 to 6.
#[derive(Debug, Clone, Copy)]
enum Piece {
    /// Check 1 of the source with this place in the manifest.
    Source(usize),
    Unique,
    Required,
    Mappings,
    Relationships,
    Existing,
}

/// All pieces, each done once by whoever takes it.
pub struct Work<'a> {
    pieces: Queue<Piece>,
    queries: Queue<Asked<'a>>,
    /// How many rows of the target live; counted once.
    live: OnceCell<u64>,
}

/// What was found by one session, or by both.
#[derive(Default)]
pub struct Seen {
    pub walked: Vec<arrived::Walked>,
    pub checks: Vec<Check>,
    pub measured: Vec<Measured>,
}

impl Seen {
    pub fn append(&mut self, more: Seen) {
        self.walked.extend(more.walked);
        self.checks.extend(more.checks);
        self.measured.extend(more.measured);
    }
}

impl<'a> Work<'a> {
    pub fn new(subject: &Subject<'_>, mut asked: Vec<Asked<'a>>) -> Work<'a> {
        let rest = [Piece::Mappings, Piece::Relationships, Piece::Unique, Piece::Required, Piece::Existing];
        asked.sort_by(|a, b| b.long().total_cmp(&a.long()));
        let pieces = Queue::new(sources(subject).into_iter().chain(rest));
        Work { pieces, queries: Queue::new(asked), live: OnceCell::new() }
    }

    /// Check 1 alone.
    pub fn sources(subject: &Subject<'_>) -> Work<'a> {
        Work { pieces: Queue::new(sources(subject)), queries: Queue::new([]), live: OnceCell::new() }
    }

    /// Does its share in a transaction that was begun, ends it, and measures its share of the queries.
    pub async fn share(&self, session: &mut Session, subject: &Subject<'_>, settings: &Settings) -> Result<Seen> {
        let seen = self.shared(session, subject, settings).await;
        if seen.is_err() {
            self.pieces.close();
            self.queries.close();
        }
        seen
    }

    async fn shared(&self, session: &mut Session, subject: &Subject<'_>, settings: &Settings) -> Result<Seen> {
        let mut seen = Seen::default();
        let mut done = Ok(());
        while let (Ok(()), Some(piece)) = (&done, self.pieces.next()) {
            done = self.look(piece, session, subject, settings, &mut seen).await;
        }
        // nobody holds a snapshot while queries are measured
        let ended = session.rollback().await;
        done?;
        ended?;
        while let Some(asked) = self.queries.next() {
            seen.measured.extend(queries::beside(session, &asked, subject, settings).await?);
        }
        Ok(seen)
    }

    async fn look(
        &self,
        piece: Piece,
        session: &mut Session,
        subject: &Subject<'_>,
        settings: &Settings,
        seen: &mut Seen,
    ) -> Result<()> {
        session.script("setting up a check", &set_up(piece, subject, settings)).await?;
        let check = match piece {
            Piece::Source(place) => {
                seen.walked.extend(arrived::walk(session, subject, place).await?);
                return Ok(());
            }
            Piece::Unique => checks::unique_ids(session, subject, &self.live).await,
            Piece::Required => checks::required_fields(session, subject, &self.live).await,
            Piece::Mappings => checks::mappings(session, subject, &self.live).await,
            Piece::Relationships => checks::relationships(session, subject).await,
            Piece::Existing => checks::existing_rows(session, subject).await,
        };
        seen.checks.push(check?);
        Ok(())
    }
}

/// The sources by their place, the largest first.
fn sources(subject: &Subject<'_>) -> Vec<Piece> {
    let mut places: Vec<usize> = (0..subject.folds.len()).collect();
    let size = |place: &usize| {
        let legacy = subject.folds.get(*place).map(|f| f.legacy);
        legacy.map_or(0, |t| t.estimated_rows.max(0) * t.columns.len() as i64)
    };
    places.sort_by_key(|place| std::cmp::Reverse(size(place)));
    places.into_iter().map(Piece::Source).collect()
}

/// The zone of a source for its values, and how the server should plan.
fn set_up(piece: Piece, subject: &Subject<'_>, settings: &Settings) -> Sql {
    let source = match piece {
        Piece::Source(place) => subject.folds.get(place).map(|f| f.source),
        _ => None,
    };
    let zone = source.and_then(|s| s.timezone.clone()).unwrap_or_else(|| settings.timezone.clone());
    let plan = match piece {
        Piece::Source(_) | Piece::Unique | Piece::Mappings => include_str!("../../sql/validate/hashed.sql"),
        _ => include_str!("../../sql/validate/as_usual.sql"),
    };
    Sql::fill("set local timezone = ${z};\n${plan}", &[("z", &Literal::new(zone)), ("plan", &Sql::constant(plan))])
}
