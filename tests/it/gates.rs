//! A run with gates: explanations, recovery, profiles, artifacts, the three ways to run.

mod by_hand;
mod criteria;
mod dependents;
mod explained;
mod failures;
mod predicted;
mod production;
mod profiles;
mod risks;
mod shop;
mod story;
mod ways;

pub use by_hand::numbered;
