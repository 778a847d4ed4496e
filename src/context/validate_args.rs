//! Values that are wrong whatever the server holds: refused before anything is done, with --dry-run and without.

use super::Desk;
use crate::error::{Error, Result};
use crate::text;

pub fn check(desk: &Desk, approve: &[String]) -> Result<()> {
    if let Some(receiver) = desk.receiver() {
        let url = receiver.url.reveal();
        // the address may hold a secret, so it is not repeated
        if !["http://", "https://"].iter().any(|s| url.get(..s.len()).is_some_and(|u| u.eq_ignore_ascii_case(s))) {
            return Err(Error::usage("the receiver's address is no URL", "`--notify https://HOST/PATH`"));
        }
    }
    let is_gate = |a: &String| a.eq_ignore_ascii_case("all") || crate::config::is_gate(&a.to_ascii_uppercase());
    if let Some(wrong) = approve.iter().find(|a| !is_gate(a)) {
        return Err(Error::usage(
            format!("`{}` is no gate", text::inert(wrong)),
            "they are MIG-1 to MIG-6, MIG-4.N for step N, or `all`",
        ));
    }
    let lines = desk.profile.checklist();
    let key = |tick: &String| tick.split_once('=').map_or(tick.clone(), |(key, _)| key.trim().to_owned());
    let unknown = desk.common.governed.tick.iter().map(key).find(|k| !lines.iter().any(|(line, _)| line == k));
    // in production every missing and every unknown line is told together
    if let Some(key) = unknown.filter(|_| !desk.production()) {
        return Err(Error::usage(
            format!("there is no line `{}` to tick", text::inert(&key)),
            "`[checklist]` of the profile has the lines; name the profile with --profile",
        ));
    }
    Ok(())
}
