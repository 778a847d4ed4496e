//! Parse, run, render the error, exit.
fn main() {}
