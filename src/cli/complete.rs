//! Commands in a message, with the consolidation as it was given: pasted, each does what the message says.

use clap::{Arg, Command, CommandFactory};

use super::{Cli, Verb, Which};
use crate::text;

impl Verb {
    /// The consolidation as it was named on the command line.
    pub fn given(&self) -> Option<&str> {
        let which: &Which = match self {
            Verb::Doctor(args) => &args.which,
            Verb::Assess(which) | Verb::History(which) => which,
            Verb::Plan(args) => &args.which,
            Verb::Apply(args) => &args.writing.which,
            Verb::Enhance(args) => &args.writing.which,
            Verb::Migrate(args) => &args.writing.which,
            Verb::Map(args) => match (&args.writing.which.consolidation, &args.name) {
                // `pgfold map FOLDER` and `pgfold map NAME` look alike
                (None, Some(name)) if std::path::Path::new(name).is_dir() => return Some(name),
                _ => &args.writing.which,
            },
            Verb::Validate(args) => &args.which,
            Verb::Rollback(args) => &args.which,
            Verb::Backup(args) => &args.which,
            Verb::Resume(args) => &args.which,
            Verb::Status(args) => &args.which,
            Verb::Cleanup(args) => &args.which,
            Verb::Report(args) => &args.which,
            _ => return None,
        };
        which.consolidation.as_deref()
    }
}

/// The text with `given` behind each command of ours that takes a consolidation and names none.
pub fn completed(text: &str, given: &str) -> String {
    if text::inert(given) != given || !text.contains("pgfold ") {
        return text.to_owned();
    }
    let (commands, given) = (Cli::command(), quoted(given));
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("pgfold ") {
        let inside = rest[..at].chars().next_back();
        let end = at + "pgfold ".len();
        let length = match inside {
            Some(c) if c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_') => None,
            _ => unnamed(&rest[end..], inside == Some('`'), &commands),
        };
        let (till, more) = length.map_or((end, ""), |length| (end + length, given.as_str()));
        out.push_str(&rest[..till]);
        if !more.is_empty() {
            out.push(' ');
            out.push_str(more);
        }
        rest = &rest[till..];
    }
    out + rest
}

/// Where a command ends that takes a consolidation and has none; `ticked`: it stands in backticks.
fn unnamed(text: &str, ticked: bool, commands: &Command) -> Option<usize> {
    let text = if ticked { &text[..text.find('`')?] } else { text };
    let word = |from: usize| {
        let ends = |c: char| c.is_whitespace() || !ticked && matches!(c, ';' | ',' | '`' | '\'' | '"' | ')' | ':');
        let length = text[from..].find(ends).unwrap_or(text.len() - from);
        (length > 0).then(|| &text[from..from + length])
    };
    let verb = word(0)?;
    let command = commands.find_subcommand(verb)?;
    let takes: Vec<&Arg> = command.get_positionals().collect();
    let place = takes.iter().position(|a| a.get_id() == "consolidation")?;
    // a folder alone is understood in the place of the name of a mapping
    let place = if verb == "map" { 0..=place } else { place..=place };
    let (mut end, mut positionals) = (verb.len(), 0);
    while let Some(next) = text[end..].strip_prefix(' ').and_then(|_| word(end + 1)) {
        let after = end + 1 + next.len();
        if let Some(flag) = next.strip_prefix("--") {
            let (name, valued) = flag.split_once('=').map_or((flag, false), |(name, _)| (name, true));
            let known = command.get_arguments().chain(commands.get_arguments()).find(|a| a.get_long() == Some(name));
            if name == "plan" {
                return None;
            }
            end = after;
            if known.is_some_and(|a| a.get_action().takes_values()) && !valued {
                let value = text[end..].strip_prefix(' ').and_then(|_| word(end + 1)).filter(|v| !v.starts_with("--"));
                end += value.map_or(0, |value| 1 + value.len());
            }
        } else if ticked || text[after..].starts_with(" --") {
            positionals += usize::from(!next.starts_with('-'));
            end = after;
        } else {
            break;
        }
    }
    place.contains(&positionals).then_some(end)
}

/// For a shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '+' | '=' | '@' | ',');
    if word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::completed;

    #[test]
    fn a_command_that_names_no_consolidation_gets_the_one_that_was_given() {
        for (text, wanted) in [
            ("`pgfold status` shows it", "`pgfold status ./x` shows it"),
            (
                "`pgfold resume --take-over` or `pgfold rollback --run 3 --execute`",
                "`pgfold resume --take-over ./x` or `pgfold rollback --run 3 --execute ./x`",
            ),
            (
                "keep: pgfold rollback --run 1 --level schema --keep-later-changes --execute; or not",
                "keep: pgfold rollback --run 1 --level schema --keep-later-changes --execute ./x; or not",
            ),
            ("`pgfold rollback agents --run 1`", "`pgfold rollback agents --run 1`"),
            ("pgfold rollback --run 1 other --execute", "pgfold rollback --run 1 other --execute"),
            ("`pgfold map industries --dry-run`", "`pgfold map industries --dry-run ./x`"),
            ("`pgfold map`", "`pgfold map ./x`"),
            ("`pgfold explain key-joins`, in pgfold terms", "`pgfold explain key-joins`, in pgfold terms"),
            ("files in pgfold-runs/1, /usr/bin/pgfold status", "files in pgfold-runs/1, /usr/bin/pgfold status"),
            ("pgfold rollback --renamed --execute", "pgfold rollback --renamed --execute ./x"),
            ("`pgfold apply --plan FILE`", "`pgfold apply --plan FILE`"),
            ("then pgfold apply again", "then pgfold apply ./x again"),
        ] {
            assert_eq!(completed(text, "./x"), wanted);
        }
        assert_eq!(completed("`pgfold status`", "a b's"), r"`pgfold status 'a b'\''s'`");
    }
}
