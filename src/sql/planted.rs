//! Bugs that a test plants in the templates, to see that they are found. Only in builds made for that test.

#[cfg(not(debug_assertions))]
compile_error!("the feature `planted` is for a test; no release build has it");

/// The template with what `PGFOLD_PLANTED` says before `=>` replaced by what it says behind.
pub fn planted(template: &str) -> String {
    match std::env::var("PGFOLD_PLANTED").ok().as_deref().and_then(|p| p.split_once("=>")) {
        Some((right, wrong)) => template.replace(right, wrong),
        None => template.to_owned(),
    }
}
