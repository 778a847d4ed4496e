//! A run that ended early, and what is known by a name.

use super::Output;
use crate::cli::Format;
use crate::error::Result;
use crate::explain::Explanation;
use crate::facts::StepState;
use crate::report::Recovery;
use crate::text;

impl Output {
    /// On stderr, before the error itself.
    pub fn recovery_aside(&self, r: &Recovery) {
        if self.format == Format::Human {
            self.say(human(r).trim_end());
        }
    }

    pub(super) fn recovery(&self, r: &Recovery) -> Result<()> {
        self.text(&format!("\n{}", human(r)))
    }

    pub fn explained(&self, all: &[Explanation]) -> Result<()> {
        match (self.format, all) {
            (Format::Json, [one]) => self.json(one),
            (Format::Json, all) => self.json(&all),
            (Format::Human, [one]) => self.raw(
                format!(
                    "{}{}\n\ncause:    {}\ntest:     {}\nrecovery: {}\n",
                    one.id,
                    if one.title == one.id { String::new() } else { format!(": {}", one.title) },
                    one.cause,
                    one.test,
                    one.recovery
                )
                .as_bytes(),
            ),
            (Format::Human, all) => {
                let lines: Vec<String> = all.iter().map(|e| format!("{:<26}{}\n", e.id, e.cause)).collect();
                self.raw(lines.concat().as_bytes())
            }
        }
    }
}

fn human(r: &Recovery) -> String {
    let mut out = format!("run {} ({}) {}; class of failure: {}\n", r.run, r.verb, r.state, r.class.word());
    for s in &r.steps {
        let mark = match s.state {
            StepState::Done => "✓",
            StepState::Failed => "✗",
            StepState::Running => "…",
            _ => "·",
        };
        out.push_str(&format!("  {mark} {:>2} {} ({})\n", s.step, text::inert(&s.intent), s.state));
    }
    if !r.before.is_empty() {
        out.push_str(&format!("first: {}\n", r.before));
    }
    for (i, way) in r.ways.iter().enumerate() {
        let word = if i == 0 { "then:" } else { "or:" };
        out.push_str(&format!("{word:<6} `{}` {}\n", way.command, text::inert(&way.does)));
    }
    out.push_str(&format!("more:  `pgfold explain {}`\n", r.class.id()));
    out
}
