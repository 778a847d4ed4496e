//! Tells a receiver of a run by CloudEvents; never blocks, delays or fails what it tells of.

mod envelope;

use std::sync::mpsc::{Receiver as Queue, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant, SystemTime};

use crate::config::Secret;
use crate::execute::{Event, Sent, Watcher};
use envelope::Envelope;

pub use envelope::{rfc3339, signature};

/// Tries per event, the wait before the second one, and the time that one try may take.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_millis(300);
const TIMEOUT: Duration = Duration::from_secs(5);
/// How long the end of a run waits for what is still on its way.
const GRACE: Duration = Duration::from_secs(1);
/// Events that may wait; what comes then is noted as lost.
const QUEUE: usize = 1000;

/// Nothing is sent to a receiver that cannot prove who it is.
const UNTRUSTED: &str =
    "the receiver's certificate is not trusted (self-signed, expired or of another host), so nothing was sent to it";

/// Where notifications go.
#[derive(Debug, Clone)]
pub struct Receiver {
    /// Often holds a token.
    pub url: Secret,
    pub secret: Option<Secret>,
    /// Between two notifications of progress.
    pub every: Duration,
}

/// A watcher that tells a receiver, too.
pub struct Notifier {
    subject: (i64, String),
    every: Duration,
    shown: Option<Arc<dyn Watcher>>,
    queue: SyncSender<Envelope>,
    state: Arc<State>,
    progress: Mutex<Progress>,
}

#[derive(Default)]
struct State {
    sent: Mutex<Vec<Sent>>,
    changed: Condvar,
}

struct Progress {
    said: Instant,
    read: u64,
    rejected: u64,
}

impl Notifier {
    pub fn start(receiver: Receiver, run: i64, consolidation: &str, shown: Option<Arc<dyn Watcher>>) -> Notifier {
        let (queue, waiting) = sync_channel(QUEUE);
        let state = Arc::<State>::default();
        let (every, theirs) = (receiver.every, state.clone());
        // a receiver that hangs ends with the process
        std::thread::spawn(move || deliver(&receiver, &waiting, &theirs));
        let progress = Mutex::new(Progress { said: Instant::now(), read: 0, rejected: 0 });
        Notifier { subject: (run, consolidation.to_owned()), every, shown, queue, state, progress }
    }

    /// Queues one event; `text` is a sentence for people.
    pub fn tell(&self, kind: &str, text: String, data: serde_json::Value) {
        let at = rfc3339(SystemTime::now());
        let Ok(mut sent) = self.state.sent.lock() else { return };
        let number = sent.len() as u32 + 1;
        let envelope = Envelope {
            number,
            kind: format!("dev.pgfold.{kind}"),
            at: at.clone(),
            run: self.subject.0,
            consolidation: self.subject.1.clone(),
            text,
            data,
        };
        sent.push(Sent {
            number,
            kind: envelope.kind.clone(),
            at,
            delivered: false,
            tries: 0,
            error: Some("the run ended before the receiver answered".to_owned()),
        });
        if let Err(TrySendError::Full(_)) = self.queue.try_send(envelope)
            && let Some(last) = sent.last_mut()
        {
            last.error = Some("too many notifications were waiting".to_owned());
        }
    }

    fn progress(&self, read: u64, rejected: u64) {
        let Ok(mut p) = self.progress.lock() else { return };
        p.read += read;
        p.rejected += rejected;
        if p.said.elapsed() >= self.every {
            p.said = Instant::now();
            let data = serde_json::json!({ "read": p.read, "rejected": p.rejected });
            self.tell("run.progress", format!("run {}: {} rows read", self.subject.0, p.read), data);
        }
    }
}

impl Watcher for Notifier {
    fn event(&self, event: &Event) {
        if let Some(shown) = &self.shown {
            shown.event(event);
        }
        let run = self.subject.0;
        match event {
            Event::RunBegan { verb, .. } => self.tell(
                "run.started",
                format!("run {run}: {verb} of {} began", self.subject.1),
                serde_json::json!({ "verb": verb }),
            ),
            Event::StepBegan { step, intent } => self.tell(
                "step.started",
                format!("run {run}, step {step}: {intent}"),
                serde_json::json!({ "step": step, "intent": intent }),
            ),
            Event::StepDone { step, rows, took } => self.tell(
                "step.completed",
                format!("run {run}, step {step} is done: {rows} rows"),
                serde_json::json!({ "step": step, "rows": rows, "took_ms": took.as_millis() as u64 }),
            ),
            Event::BatchDone { accounting, .. } => self.progress(accounting.counts.read, accounting.counts.rejected),
            Event::RunEnded { state, error, .. } => {
                let why = error.as_ref().map(|e| format!(": {e}")).unwrap_or_default();
                let data = serde_json::json!({ "state": state, "error": error });
                self.tell(&format!("run.{state}"), format!("run {run} {state}{why}"), data);
            }
            _ => {}
        }
    }

    fn settle(&self) -> Vec<Sent> {
        let until = Instant::now() + GRACE;
        let Ok(mut sent) = self.state.sent.lock() else { return Vec::new() };
        while sent.iter().any(|s| !s.delivered && s.tries < TRIES) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            match self.state.changed.wait_timeout(sent, left) {
                Ok((guard, _)) => sent = guard,
                Err(_) => return Vec::new(),
            }
        }
        sent.clone()
    }
}

fn deliver(receiver: &Receiver, waiting: &Queue<Envelope>, state: &State) {
    while let Ok(envelope) = waiting.recv() {
        for attempt in 1..=TRIES {
            let answer = post(receiver, &envelope);
            let delivered = answer.is_ok();
            if let Ok(mut sent) = state.sent.lock()
                && let Some(s) = sent.get_mut(envelope.number as usize - 1)
            {
                (s.delivered, s.tries, s.error) = (delivered, attempt, answer.err());
            }
            state.changed.notify_all();
            if delivered {
                break;
            }
            if attempt < TRIES {
                std::thread::sleep(PAUSE * attempt);
            }
        }
    }
}

/// One try; the error never holds the address.
fn post(receiver: &Receiver, envelope: &Envelope) -> Result<(), String> {
    let body = envelope.json().to_string();
    // the binary mode of CloudEvents, so that receivers which want plain JSON understand it, too
    let mut request = ureq::post(receiver.url.reveal())
        .config()
        .timeout_global(Some(TIMEOUT))
        .max_redirects(0)
        .build()
        .header("content-type", "application/json")
        .header("ce-specversion", "1.0")
        .header("ce-type", &envelope.kind)
        .header("ce-source", &envelope.source())
        .header("ce-id", &envelope.id())
        .header("ce-time", &envelope.at);
    if let Some(secret) = &receiver.secret {
        let signed = signature(secret.reveal().as_bytes(), body.as_bytes());
        request = request.header("x-pgfold-signature-256", format!("sha256={signed}"));
    }
    match request.send(body) {
        Ok(_) => Ok(()),
        Err(ureq::Error::StatusCode(code)) => Err(format!("the receiver answered {code}")),
        Err(ureq::Error::Timeout(_)) => Err("the receiver did not answer in time".to_owned()),
        Err(ureq::Error::Io(e)) if e.to_string().contains("certificate") => Err(UNTRUSTED.to_owned()),
        Err(ureq::Error::Rustls(_) | ureq::Error::Tls(_)) => Err(UNTRUSTED.to_owned()),
        Err(ureq::Error::Io(e)) => Err(format!("the receiver cannot be reached: {}", e.kind())),
        Err(ureq::Error::BadUri(_)) => Err("the address is no http or https address".to_owned()),
        Err(ureq::Error::HostNotFound) => Err("the receiver's host is not known".to_owned()),
        Err(_) => Err("the receiver cannot be reached".to_owned()),
    }
}
