//! What strangers prepare for the operator: files, connections, databases.

mod connection;
mod executed;
