//! The server processes that work for us, so that a second connection can cancel them.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Shared by all sessions of one server.
#[derive(Clone, Default)]
pub(super) struct Backends(Arc<Mutex<BTreeSet<i32>>>);

/// A session's entry; gone with the session.
pub(super) struct Listed {
    backends: Backends,
    backend: i32,
}

impl Backends {
    pub fn list(&self, backend: i32) -> Listed {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(backend);
        Listed { backends: self.clone(), backend }
    }

    pub fn now(&self) -> Vec<i32> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect()
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        self.backends.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.backend);
    }
}
