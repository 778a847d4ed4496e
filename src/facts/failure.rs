//! What kind of failure ended a command or a run; an error carries it, and the ledger keeps it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The kinds of failure; `Asked` is none: somebody wanted the run to stop, or a gate did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureClass {
    Data,
    Lock,
    Connection,
    Space,
    SchemaDrift,
    Permission,
    Bug,
    Asked,
}

impl FailureClass {
    /// All of them.
    pub const ALL: [FailureClass; 8] = [
        FailureClass::Data,
        FailureClass::Lock,
        FailureClass::Connection,
        FailureClass::Space,
        FailureClass::SchemaDrift,
        FailureClass::Permission,
        FailureClass::Bug,
        FailureClass::Asked,
    ];

    /// As the ledger keeps it.
    pub fn as_str(self) -> &'static str {
        match self {
            FailureClass::Data => "data",
            FailureClass::Lock => "lock",
            FailureClass::Connection => "connection",
            FailureClass::Space => "space",
            FailureClass::SchemaDrift => "schema_drift",
            FailureClass::Permission => "permission",
            FailureClass::Bug => "bug",
            FailureClass::Asked => "asked",
        }
    }

    /// The class of what the server refused; nothing for a SQLSTATE that tells no more than that it refused.
    pub fn of_state(code: &str) -> Option<FailureClass> {
        Some(match code {
            "55P03" | "40P01" | "40001" | "57014" | "55006" => FailureClass::Lock,
            "42501" | "25006" => FailureClass::Permission,
            "53300" => FailureClass::Connection,
            "54000" => FailureClass::Data,
            "58030" | "53100" | "53200" | "53400" => FailureClass::Space,
            _ => match code.get(..2)? {
                "22" | "23" | "44" | "P0" => FailureClass::Data,
                // the server cannot do that with these objects, or not in their state
                "0A" | "55" => FailureClass::SchemaDrift,
                "08" | "57" => FailureClass::Connection,
                "28" => FailureClass::Permission,
                "53" => FailureClass::Space,
                "42" => FailureClass::SchemaDrift,
                _ => return None,
            },
        })
    }

    /// The class of what the operating system refused.
    pub fn of_file(kind: std::io::ErrorKind) -> FailureClass {
        use std::io::ErrorKind as Kind;
        match kind {
            Kind::StorageFull | Kind::QuotaExceeded | Kind::OutOfMemory => FailureClass::Space,
            Kind::PermissionDenied | Kind::ReadOnlyFilesystem => FailureClass::Permission,
            Kind::ConnectionReset | Kind::ConnectionRefused | Kind::ConnectionAborted | Kind::BrokenPipe => {
                FailureClass::Connection
            }
            _ => FailureClass::Bug,
        }
    }
}

impl fmt::Display for FailureClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_is_read_as_it_is_written() {
        for class in FailureClass::ALL {
            assert_eq!(serde_json::to_value(class).unwrap(), class.as_str());
        }
    }

    #[test]
    fn a_sqlstate_has_its_class() {
        for (code, class) in [
            ("55P03", Some(FailureClass::Lock)),
            ("23505", Some(FailureClass::Data)),
            ("42703", Some(FailureClass::SchemaDrift)),
            ("42501", Some(FailureClass::Permission)),
            ("53100", Some(FailureClass::Space)),
            ("57P01", Some(FailureClass::Connection)),
            ("XX000", None),
            ("", None),
        ] {
            assert_eq!(FailureClass::of_state(code), class, "{code}");
        }
    }
}
