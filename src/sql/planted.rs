//! Bugs that a test plants in what is sent to the server, to see that they are found. Only in builds made for that test.

#[cfg(not(debug_assertions))]
compile_error!("the feature `planted` is for a test; no release build has it");

/// `PGFOLD_PLANTED`: one bug a line, what is right, `=>`, and what is planted instead.
fn bugs() -> Vec<(String, String)> {
    let all = std::env::var("PGFOLD_PLANTED").unwrap_or_default();
    let split = |line: &str| line.split_once("=>").map(|(right, wrong)| (right.to_owned(), wrong.to_owned()));
    all.lines().filter_map(split).collect()
}

/// The template, or the text to be sent, with each bug in it.
pub fn planted(text: &str) -> String {
    bugs().iter().fold(text.to_owned(), |text, (right, wrong)| text.replace(right, wrong))
}

/// What a bug does before a statement with its words: `before WORDS=>SCRIPT`.
pub fn planted_before(text: &str) -> Option<super::Sql> {
    let found = bugs().into_iter().find(|(right, _)| right.strip_prefix("before ").is_some_and(|w| text.contains(w)));
    found.map(|(_, script)| super::Sql::as_written(script))
}
