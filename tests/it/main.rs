//! Everything that needs the built program or a real server, as one binary with one cluster.

#[cfg(test)]
mod apply;
#[cfg(test)]
mod backup;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod checks;
#[cfg(test)]
mod consolidations;
#[cfg(test)]
mod created;
#[cfg(test)]
mod decisions;
#[cfg(test)]
mod differences;
#[cfg(test)]
mod dry_run;
#[cfg(test)]
mod embedded;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod gates;
#[cfg(test)]
mod ground;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod house;
#[cfg(test)]
mod init;
#[cfg(test)]
mod mapping;
#[cfg(test)]
mod on_call;
#[cfg(test)]
mod property;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod record;
#[cfg(test)]
mod rehearse;
#[cfg(test)]
mod rollback;
#[cfg(test)]
mod saved_plan;
#[cfg(test)]
mod scans;
#[cfg(test)]
mod speed;
#[cfg(test)]
mod suggest;
#[cfg(test)]
mod truth;
#[cfg(test)]
mod types;
