//! Everything that needs the built program or a real server, as one binary with one cluster.

#[cfg(test)]
mod embedded;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod house;
#[cfg(test)]
mod record;
