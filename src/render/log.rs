//! The log: to stderr as far as asked, and whole into the run's folder.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::sync::{Arc, Mutex};

use tracing::Level;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::cli::LogFormat;

/// Where the run's own log goes; kept in memory until the run has a folder.
#[derive(Clone, Default)]
pub struct Log {
    inner: Arc<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    before: Vec<u8>,
    file: Option<BufWriter<File>>,
}

/// What is kept of the time before there is a file.
const MOST: usize = 1 << 20;

impl Log {
    /// Starts logging: `verbose` 0 only warnings on stderr, 1 what is done, 2 everything of ours.
    pub fn start(verbose: u8, quiet: bool, format: LogFormat) -> Log {
        let log = Log::default();
        let level = match (quiet, verbose) {
            (true, _) => None,
            (_, 0) => Some(Level::WARN),
            (_, 1) => Some(Level::INFO),
            _ => Some(Level::DEBUG),
        };
        let ours = |level: Level| Targets::new().with_target("pgfold", level);
        let told = |level: Level| ours(level).with_target("pgfold::outcome", LevelFilter::OFF);
        let writer = log.clone();
        let make = move || writer.clone();
        let plain = tracing_subscriber::fmt::layer().with_ansi(false).with_target(false);
        let (file, stderr) = match format {
            LogFormat::Json => {
                let err = level.map(|l| {
                    tracing_subscriber::fmt::layer().json().with_writer(std::io::stderr).with_filter(told(l)).boxed()
                });
                (plain.json().with_writer(make).with_filter(ours(Level::DEBUG)).boxed(), err)
            }
            LogFormat::Text => {
                let err = level.map(|l| {
                    let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_target(false).without_time();
                    layer.with_writer(std::io::stderr).with_filter(told(l)).boxed()
                });
                (plain.with_writer(make).with_filter(ours(Level::DEBUG)).boxed(), err)
            }
        };
        // a second subscriber is only met in tests, where the first one serves
        tracing_subscriber::registry().with(file).with(stderr).try_init().ok();
        log
    }

    /// From now on into this file, what was said before first.
    pub fn into_file(&self, file: BufWriter<File>) {
        if let Ok(mut kept) = self.inner.lock() {
            let before = std::mem::take(&mut kept.before);
            let mut file = file;
            if file.write_all(&before).is_ok() {
                kept.file = Some(file);
            }
        }
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let Ok(mut kept) = self.inner.lock() else { return Ok(bytes.len()) };
        if let Some(file) = &mut kept.file {
            file.write_all(bytes)?;
            file.flush()?;
        } else if kept.before.len() < MOST {
            kept.before.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
