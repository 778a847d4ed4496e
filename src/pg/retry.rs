//! What an SQLSTATE asks for: try again, look into the ledger, look for the row, or stop.

use std::time::Duration;

use crate::error::Error;

/// The answer to a failure inside a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Transient: wait and do the same again.
    Retry,
    /// A row's own data: bisect until it stands alone.
    Bisect,
    /// The connection is gone: reconnect, read the ledger, go on from there.
    Reconnect,
    /// Somebody wants us to stop: end cleanly, `resume` continues.
    Cancelled,
    /// Nothing that waiting would mend.
    Stop,
}

/// DESIGN section 5. `timed_out`: the statement ran its full timeout, so a 57014 was the timeout's.
pub fn answer(error: &Error, timed_out: bool) -> Answer {
    match error {
        Error::ConnectionLost { .. } => Answer::Reconnect,
        // nobody listens, the server starts up or shuts down, or all connections are taken for now
        Error::CannotConnect { server, .. }
            if matches!(server.code.as_str(), "" | "53300") || is_gone(&server.code) =>
        {
            Answer::Reconnect
        }
        Error::Refused { server, .. } => match server.code.as_str() {
            "40001" | "40P01" | "55P03" => Answer::Retry,
            "57014" if timed_out => Answer::Retry,
            "57014" => Answer::Cancelled,
            code if is_gone(code) => Answer::Reconnect,
            _ if server.is_about_a_row() => Answer::Bisect,
            _ => Answer::Stop,
        },
        _ => Answer::Stop,
    }
}

fn is_gone(code: &str) -> bool {
    code.starts_with("08") || code.starts_with("57P0")
}

/// Waiting times that grow and are jittered, so that two who wait do not meet again.
#[derive(Debug, Clone)]
pub struct Backoff {
    next: Duration,
    seed: u64,
}

impl Backoff {
    pub fn new(seed: u64) -> Backoff {
        Backoff { next: Duration::from_millis(50), seed: seed | 1 }
    }

    /// How long to wait now: between half and the whole of a doubling time, at most 10 s.
    pub fn wait(&mut self) -> Duration {
        // xorshift: jitter needs no better chance than this
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        let whole = self.next.as_millis() as u64;
        self.next = (self.next * 2).min(Duration::from_secs(10));
        Duration::from_millis(whole / 2 + self.seed % (whole / 2 + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ServerError;

    fn refused(code: &str) -> Error {
        let server = ServerError { code: code.to_owned(), ..ServerError::default() };
        Error::Refused { doing: "x".into(), server: server.into() }
    }

    #[test]
    fn each_class_of_failure_has_its_answer() {
        for code in ["40001", "40P01", "55P03"] {
            assert_eq!(answer(&refused(code), false), Answer::Retry);
        }
        for code in ["22P02", "23505", "54000", "P0001"] {
            assert_eq!(answer(&refused(code), false), Answer::Bisect);
        }
        for code in ["53100", "58030", "42P01", "25006", "XX000"] {
            assert_eq!(answer(&refused(code), false), Answer::Stop);
        }
        assert_eq!(answer(&refused("57014"), true), Answer::Retry);
        assert_eq!(answer(&refused("57014"), false), Answer::Cancelled);
        assert_eq!(answer(&refused("57P01"), false), Answer::Reconnect);
    }

    #[test]
    fn waiting_grows_and_has_an_end() {
        let mut backoff = Backoff::new(7);
        let waits: Vec<Duration> = (0..20).map(|_| backoff.wait()).collect();
        assert!(waits[0] <= Duration::from_millis(50));
        assert!(waits.iter().all(|w| *w <= Duration::from_secs(10)));
        assert!(waits[19] >= Duration::from_secs(5));
    }
}
