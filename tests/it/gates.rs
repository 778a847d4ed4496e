//! A run with gates: explanations, recovery, profiles, artifacts, the three ways to run.

mod explained;
mod failures;
mod shop;
