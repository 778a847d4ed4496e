//! A run with gates: explanations, recovery, profiles, artifacts, the three ways to run.

mod by_hand;
mod explained;
mod failures;
mod predicted;
mod production;
mod profiles;
mod shop;
mod ways;
