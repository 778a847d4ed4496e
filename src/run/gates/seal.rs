//! The seal of a proof: a digest over the file as it is written, the plan and the audit chain's head within it.

use serde_json::json;

use crate::consolidation;
use crate::gate::Document;
use crate::notify::signature;

/// Stands where the digest will.
const BLANK: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Whoever has this secret on staging and in production can tell a proof that was made up.
pub const SECRET: &str = "PGFOLD_EVIDENCE_SECRET";

/// Prepares the document: which plan, where the audit chain stood, and whether a secret signs it.
pub fn prepare(doc: &mut Document, plan_digest: &str, audit_head: Option<String>, secret: Option<&str>) {
    doc.facts["seal"] =
        json!({ "plan_digest": plan_digest, "audit_head": audit_head, "signed": secret.is_some(), "digest": BLANK });
}

/// The text with its digest in place; one without a seal stays as it is.
pub fn close(doc: &Document, text: String, secret: Option<&str>) -> String {
    match doc.facts["seal"]["digest"].as_str() {
        Some(old) => {
            let blank = text.replace(old, BLANK);
            let digest = digest(&blank, secret);
            blank.replace(BLANK, &digest)
        }
        None => text,
    }
}

/// Why the text is not what pgfold wrote, if it is not.
pub fn broken(doc: &Document, text: &str, secret: Option<&str>) -> Option<String> {
    let seal = &doc.facts["seal"];
    let Some(found) = seal["digest"].as_str().filter(|d| d.len() == BLANK.len() && *d != BLANK) else {
        return Some("it carries no seal".to_owned());
    };
    match (seal["signed"] == true, secret) {
        (false, Some(_)) => return Some(format!("it is not signed, and {SECRET} is set here")),
        (true, None) => return Some(format!("it is signed; set {SECRET} to the secret of staging")),
        _ => {}
    }
    let made = digest(&text.replace(found, BLANK), secret);
    (made != found).then(|| "it is not what pgfold wrote: its seal is broken".to_owned())
}

fn digest(text: &str, secret: Option<&str>) -> String {
    match secret {
        Some(secret) => signature(secret.as_bytes(), text.as_bytes()),
        None => consolidation::digest(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(secret: Option<&str>) -> String {
        let mut doc = Document { id: "MIG-5".into(), ..Document::default() };
        doc.facts = json!({ "passed": false });
        prepare(&mut doc, "abc", Some("7:def".into()), secret);
        close(&doc, serde_json::to_string_pretty(&doc).unwrap(), secret)
    }

    fn looked(text: &str, secret: Option<&str>) -> Option<String> {
        broken(&serde_json::from_str(text).unwrap(), text, secret)
    }

    #[test]
    fn a_change_anywhere_breaks_the_seal() {
        for secret in [None, Some("s")] {
            let text = sealed(secret);
            assert_eq!(looked(&text, secret), None);
            for (old, new) in [("false", "true "), ("\"abc\"", "\"abd\""), ("7:def", "8:def"), ("MIG-5", "MIG-4")] {
                assert!(looked(&text.replacen(old, new, 1), secret).is_some(), "{old}");
            }
        }
    }

    #[test]
    fn only_who_has_the_secret_can_seal_it() {
        assert!(looked(&sealed(None), Some("s")).unwrap().contains("not signed"));
        assert!(looked(&sealed(Some("s")), None).unwrap().contains("it is signed"));
        assert!(looked(&sealed(Some("t")), Some("s")).unwrap().contains("broken"));
        // a made-up one that claims to be signed
        let made_up = sealed(None).replace("\"signed\": false", "\"signed\": true");
        assert!(looked(&made_up, Some("s")).is_some());
    }
}
