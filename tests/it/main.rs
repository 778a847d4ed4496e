//! Everything that needs the built program or a real server, as one binary with one cluster.

#[cfg(test)]
mod apply;
#[cfg(test)]
mod backup;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod cases;
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
mod enhance;
#[cfg(test)]
mod facts;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod gates;
#[cfg(test)]
mod goldens;
#[cfg(test)]
mod ground;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod house;
#[cfg(test)]
mod init;
#[cfg(test)]
mod ledgers;
#[cfg(test)]
mod mapping;
#[cfg(test)]
mod on_call;
#[cfg(test)]
mod people;
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
mod shapes;
#[cfg(test)]
mod speed;
#[cfg(test)]
mod sql_reader;
#[cfg(test)]
mod strangers;
#[cfg(test)]
mod suggest;
#[cfg(test)]
mod truth;
#[cfg(test)]
mod types;
#[cfg(test)]
mod values;
