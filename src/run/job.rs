//! What a run is executed with: its folder, and all that its steps share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::context::{Desk, Ground, again};
use crate::error::Result;
use crate::execute::{Grown, Health, Job, Manner};
use crate::folder::Folder;
use crate::ledger::{self, Lease};
use crate::pg::{Server, Session, Settings};
use crate::plan::Plan;

/// The run's folder with its rollback scripts, noted in the ledger; there before the first write.
pub async fn furnish(
    desk: &Desk,
    session: &mut Session,
    plan: &Plan,
    run: i64,
    ground: &Ground,
    lease: &Lease,
) -> Result<Folder> {
    let folder = Folder::of_run(&desk.common.runs, run)?;
    folder.rollback_scripts(plan, run, &ground.settings())?;
    let path = folder.path.display().to_string();
    let noted = again(session, async |session| {
        lease.reclaim(session).await?;
        ledger::set_folder(session, run, &path).await
    });
    noted.await?;
    Ok(folder)
}

pub fn job(desk: &Desk, ground: &Ground, plan: Plan, run: i64, lease: &Lease, manner: Manner) -> Arc<Job> {
    let stop = Arc::new(AtomicBool::new(false));
    tokio::spawn(stop_on_ctrl_c(stop.clone(), ground.server.clone()));
    Arc::new(Job {
        server: ground.server.clone(),
        plan,
        run,
        epoch: lease.epoch,
        settings: Settings {
            lock_timeout_ms: manner.lock_timeout.as_millis() as u64,
            statement_timeout_ms: manner.statement_timeout.as_millis() as u64,
            ..ground.settings()
        },
        began: std::time::Instant::now(),
        upto: std::sync::atomic::AtomicI32::new(i32::MAX),
        hold: tokio::sync::Mutex::default(),
        resolved: AtomicBool::new(false),
        manner,
        watcher: desk.watcher(run, &ground.consolidation.name),
        health: Health::default(),
        grown: Grown::default(),
        ahead: std::sync::Mutex::default(),
        stop,
    })
}

async fn stop_on_ctrl_c(stop: Arc<AtomicBool>, server: Server) {
    let mut asked = 0;
    while tokio::signal::ctrl_c().await.is_ok() {
        asked += 1;
        stop.store(true, Ordering::Relaxed);
        if asked == 2 {
            // what runs on the server ends there, and the run stops as if the batch had failed
            server.cancel_all().await.ok();
        }
        if asked > 2 {
            std::process::exit(8);
        }
    }
}
