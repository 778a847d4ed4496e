//! A CloudEvent as JSON, its signature and its time.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// One event on its way.
pub struct Envelope {
    pub number: u32,
    pub kind: String,
    pub at: String,
    pub run: i64,
    pub consolidation: String,
    /// A sentence for people; chat receivers show it.
    pub text: String,
    pub data: Value,
}

impl Envelope {
    pub fn id(&self) -> String {
        format!("{}-{}-{}", self.run, self.number, self.at)
    }

    pub fn source(&self) -> String {
        let safe = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
        format!("/pgfold/{}", self.consolidation.chars().map(safe).collect::<String>())
    }

    /// A plan that waits has no run yet.
    fn subject(&self) -> String {
        if self.run == 0 { "plan".to_owned() } else { format!("run/{}", self.run) }
    }

    pub fn json(&self) -> Value {
        json!({
            "specversion": "1.0", "id": self.id(), "source": self.source(), "type": self.kind, "time": self.at,
            "subject": self.subject(), "datacontenttype": "application/json", "text": self.text,
            "data": { "run": self.run, "consolidation": self.consolidation, "event": self.data },
        })
    }
}

/// Hex HMAC-SHA256 (RFC 2104).
pub fn signature(secret: &[u8], body: &[u8]) -> String {
    let mut key = [0u8; 64];
    if secret.len() > key.len() {
        key[..32].copy_from_slice(&Sha256::digest(secret));
    } else {
        key[..secret.len()].copy_from_slice(secret);
    }
    let with = |pad: u8, text: &[u8]| {
        let mut hash = Sha256::new();
        hash.update(key.map(|k| k ^ pad));
        hash.update(text);
        hash.finalize()
    };
    with(0x5c, &with(0x36, body)).iter().map(|b| format!("{b:02x}")).collect()
}

/// `2026-01-31T23:59:59.123Z`.
pub fn rfc3339(at: SystemTime) -> String {
    let since = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    let (seconds, milliseconds) = (since.as_secs(), since.subsec_millis());
    // days from the civil calendar, counted in eras of 400 years that begin in March
    let days = (seconds / 86_400) as i64 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year_of_era = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let of_day = seconds % 86_400;
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milliseconds:03}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_one_of_rfc_4231() {
        let case = signature(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(case, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        let long = signature(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First");
        assert_eq!(long, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    }

    #[test]
    fn a_time_is_written_as_the_calendar_has_it() {
        let at = |s: u64| rfc3339(SystemTime::UNIX_EPOCH + Duration::from_secs(s));
        assert_eq!(at(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(at(951_782_400), "2000-02-29T00:00:00.000Z");
        assert_eq!(at(1_798_761_599), "2026-12-31T23:59:59.000Z");
    }
}
