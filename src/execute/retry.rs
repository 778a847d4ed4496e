//! What becomes of work that failed: it is done after all, tried again, or given up. One table for everything.

use std::time::{Duration, Instant};

use super::blockers::blockers;
use super::event::Event;
use super::job::Job;
use crate::error::{Error, Result};
use crate::facts::FailureClass;
use crate::pg::{Answer, Backoff, answer};

/// The SQLSTATE of a server process that an operator, or a shutdown, ended.
const TERMINATED: &str = "57P01";

/// How often and how long something is tried.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub attempts: u32,
    pub deadline: Duration,
}

/// How it went so far.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    /// Failures that may pass by themselves.
    failures: u32,
    /// Lost connections, and those of them that an operator ended: one may be a mistake, two are meant.
    losses: u32,
    terminated: u32,
    is_late: bool,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// An attempt before was committed, though its answer was lost.
    Done,
    /// The same once more, after this time.
    Again(Duration),
    /// After this time the ledger is asked, on a new connection, whether the attempt was committed.
    Ask(Duration),
    GiveUp(Why),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Nothing that waiting would mend.
    Itself,
    /// So many times.
    Times(u32),
    /// Somebody ends our sessions.
    Terminated,
    /// Somebody cancelled a statement of ours.
    Cancelled,
}

/// What is known of an attempt that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Committed {
    Unknown,
    Yes,
    No,
}

/// The table: what the server answered, whether the attempt was committed, and how often it went wrong.
fn next(answer: Answer, committed: Committed, count: &Count, limits: &Limits) -> Next {
    let attempts = limits.attempts.max(1);
    match (answer, committed) {
        (Answer::Reconnect, Committed::Yes) => Next::Done,
        (Answer::Reconnect, _) if count.terminated > 1 => Next::GiveUp(Why::Terminated),
        (Answer::Reconnect, Committed::Unknown) => Next::Ask(Duration::ZERO),
        (Answer::Reconnect, Committed::No) if count.losses >= attempts || count.is_late => {
            Next::GiveUp(Why::Times(count.losses))
        }
        (Answer::Reconnect, Committed::No) => Next::Again(Duration::ZERO),
        (Answer::Retry, _) if count.failures >= attempts || count.is_late => Next::GiveUp(Why::Times(count.failures)),
        (Answer::Retry, _) => Next::Again(Duration::ZERO),
        (Answer::Cancelled, _) => Next::GiveUp(Why::Cancelled),
        (Answer::Bisect | Answer::Stop, _) => Next::GiveUp(Why::Itself),
    }
}

/// The attempts of one piece of work.
#[derive(Debug)]
pub struct Tries {
    limits: Limits,
    count: Count,
    began: Instant,
    backoff: Backoff,
}

impl Tries {
    /// `seed`: of the waiting times, so that two who wait do not meet again.
    pub fn new(limits: Limits, seed: u64) -> Tries {
        Tries { limits, count: Count::default(), began: Instant::now(), backoff: Backoff::new(seed) }
    }

    /// After a failure. `timed_out`: the statement ran its full timeout.
    pub fn failed(&mut self, error: &Error, timed_out: bool) -> Next {
        let answer = answer(error, timed_out);
        self.count.failures += u32::from(answer == Answer::Retry);
        self.count.losses += u32::from(answer == Answer::Reconnect);
        let terminated = matches!(error, Error::ConnectionLost { code, .. } if code == TERMINATED);
        self.count.terminated += u32::from(terminated);
        self.next(answer, Committed::Unknown)
    }

    /// After the ledger was asked; `Again` is at once, as the wait was before the question.
    pub fn asked(&mut self, committed: bool) -> Next {
        let committed = if committed { Committed::Yes } else { Committed::No };
        self.next(Answer::Reconnect, committed)
    }

    fn next(&mut self, answer: Answer, committed: Committed) -> Next {
        self.count.is_late = self.began.elapsed() > self.limits.deadline;
        match next(answer, committed, &self.count, &self.limits) {
            Next::Ask(_) => Next::Ask(self.backoff.wait()),
            Next::Again(_) if committed == Committed::Unknown => Next::Again(self.backoff.wait()),
            other => other,
        }
    }
}

/// Whether the connection is gone, so that only the ledger knows what was committed.
pub fn is_lost(error: &Error) -> bool {
    answer(error, false) == Answer::Reconnect
}

impl Job {
    pub(crate) fn limits(&self) -> Limits {
        Limits { attempts: self.manner.attempts, deadline: self.manner.deadline }
    }

    /// Says why, and waits.
    pub(crate) async fn pause(&self, doing: &str, error: &Error, wait: Duration) -> Result<()> {
        self.wait(doing, error.to_string(), wait).await
    }

    /// The same, with who is in the way of a lock.
    pub(crate) async fn pause_for(&self, doing: &str, error: &Error, wait: Duration) -> Result<()> {
        let in_the_way = if error.is_lock() { blockers(self).await } else { String::new() };
        self.wait(doing, format!("{error}{in_the_way}"), wait).await
    }

    async fn wait(&self, doing: &str, why: String, wait: Duration) -> Result<()> {
        self.watcher.event(&Event::Retry { doing: doing.to_owned(), why, wait });
        tokio::time::sleep(wait).await;
        if self.asked_to_stop() { Err(self.asked()) } else { Ok(()) }
    }

    /// The error that ends work which is not tried again, with who is in the way of a lock.
    pub(crate) async fn gave_up_for(&self, why: Why, error: Error) -> Error {
        let in_the_way = if error.is_lock() { blockers(self).await } else { String::new() };
        self.gave_up(why, error, &in_the_way)
    }

    pub(crate) fn gave_up(&self, why: Why, error: Error, in_the_way: &str) -> Error {
        match why {
            Why::Itself => error,
            Why::Times(times) => self.stopped_by(&error, format!("{error}, {times} times{in_the_way}")),
            Why::Terminated => {
                self.stopped(FailureClass::Connection, "somebody ended our sessions on the server, twice")
            }
            Why::Cancelled => self.cancelled(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ServerError;

    const LIMITS: Limits = Limits { attempts: 3, deadline: Duration::from_secs(60) };
    const AGAIN: Next = Next::Again(Duration::ZERO);
    const ASK: Next = Next::Ask(Duration::ZERO);

    fn count(failures: u32, losses: u32, terminated: u32, is_late: bool) -> Count {
        Count { failures, losses, terminated, is_late }
    }

    #[track_caller]
    fn row(answer: Answer, committed: Committed, count: Count, expected: Next) {
        assert_eq!(next(answer, committed, &count, &LIMITS), expected, "{answer:?} {committed:?} {count:?}");
    }

    #[test]
    fn a_lost_answer_is_looked_up_before_anything_is_done_again() {
        row(Answer::Reconnect, Committed::Unknown, count(0, 1, 0, false), ASK);
        row(Answer::Reconnect, Committed::Unknown, count(0, 1, 1, false), ASK);
    }

    #[test]
    fn the_last_lost_answer_is_looked_up_too() {
        row(Answer::Reconnect, Committed::Unknown, count(0, 3, 0, false), ASK);
        row(Answer::Reconnect, Committed::Unknown, count(0, 1, 0, true), ASK);
    }

    #[test]
    fn what_the_ledger_has_is_done_however_often_it_was_lost() {
        row(Answer::Reconnect, Committed::Yes, count(0, 1, 0, false), Next::Done);
        row(Answer::Reconnect, Committed::Yes, count(0, 9, 1, true), Next::Done);
    }

    #[test]
    fn what_the_ledger_does_not_have_is_done_again() {
        row(Answer::Reconnect, Committed::No, count(0, 1, 0, false), AGAIN);
        row(Answer::Reconnect, Committed::No, count(9, 2, 1, false), AGAIN);
    }

    #[test]
    fn a_connection_is_lost_so_often_and_no_more() {
        row(Answer::Reconnect, Committed::No, count(0, 3, 0, false), Next::GiveUp(Why::Times(3)));
        row(Answer::Reconnect, Committed::No, count(0, 1, 0, true), Next::GiveUp(Why::Times(1)));
    }

    #[test]
    fn who_ends_two_sessions_means_it() {
        row(Answer::Reconnect, Committed::Unknown, count(0, 2, 2, false), Next::GiveUp(Why::Terminated));
        row(Answer::Reconnect, Committed::No, count(0, 2, 2, false), Next::GiveUp(Why::Terminated));
    }

    #[test]
    fn what_may_pass_by_itself_is_tried_again() {
        row(Answer::Retry, Committed::Unknown, count(1, 0, 0, false), AGAIN);
        row(Answer::Retry, Committed::Unknown, count(2, 9, 1, false), AGAIN);
    }

    #[test]
    fn so_often_and_so_long_and_no_more() {
        row(Answer::Retry, Committed::Unknown, count(3, 0, 0, false), Next::GiveUp(Why::Times(3)));
        row(Answer::Retry, Committed::Unknown, count(1, 0, 0, true), Next::GiveUp(Why::Times(1)));
    }

    #[test]
    fn who_cancels_a_statement_wants_us_to_stop() {
        row(Answer::Cancelled, Committed::Unknown, count(0, 0, 0, false), Next::GiveUp(Why::Cancelled));
    }

    #[test]
    fn what_waiting_does_not_mend_is_not_waited_for() {
        row(Answer::Stop, Committed::Unknown, count(0, 0, 0, false), Next::GiveUp(Why::Itself));
        row(Answer::Bisect, Committed::Unknown, count(0, 0, 0, false), Next::GiveUp(Why::Itself));
    }

    #[test]
    fn tries_count_what_happened() {
        let error = |code: &str| {
            let server = ServerError { code: code.to_owned(), ..ServerError::default() };
            Error::Refused { doing: "x".into(), server: server.into() }
        };
        let lost = |code: &str| Error::ConnectionLost { doing: "x".into(), why: "y".into(), code: code.to_owned() };
        let mut tries = Tries::new(LIMITS, 1);
        assert!(matches!(tries.failed(&error("40001"), false), Next::Again(_)));
        assert!(matches!(tries.failed(&lost(""), false), Next::Ask(_)));
        assert_eq!(tries.asked(false), AGAIN);
        assert!(matches!(tries.failed(&lost("57P01"), false), Next::Ask(_)));
        assert_eq!(tries.asked(false), AGAIN);
        assert!(matches!(tries.failed(&error("57014"), true), Next::Again(_)));
        assert_eq!(tries.failed(&lost("57P01"), false), Next::GiveUp(Why::Terminated));
        assert_eq!(tries.asked(true), Next::Done);
        assert_eq!(tries.failed(&error("55P03"), false), Next::GiveUp(Why::Times(3)));
        assert_eq!(tries.failed(&error("57014"), false), Next::GiveUp(Why::Cancelled));
    }
}
