//! How the rows of a source are told apart.

const ODD_IDS: &[&str] = &["a,b", "{x}", "it''s", " ", "NULL", "null", "", "q\"q", "b\\s", "ü", "1", "01", "$1", "(z)"];

#[derive(Clone, Copy, PartialEq)]
pub enum Id {
    Number,
    Text,
    Two,
}

impl Id {
    pub fn columns(self) -> &'static str {
        match self {
            Id::Number => "id bigint primary key",
            Id::Text => "id text primary key",
            Id::Two => "a text, b int, primary key (a, b)",
        }
    }

    pub fn manifest(self) -> &'static str {
        if self == Id::Two { "[\"a\", \"b\"]" } else { "\"id\"" }
    }

    pub fn text(self) -> &'static str {
        if self == Id::Two { "array[s.a::text, s.b::text]::text" } else { "s.id::text" }
    }

    pub fn order(self) -> &'static str {
        if self == Id::Two { "a, b" } else { "id" }
    }

    /// `joins`: some rows are told apart by the second column alone.
    pub fn value(self, row: usize, joins: bool) -> String {
        let odd = ODD_IDS[if joins && row < 4 { row / 2 } else { row % ODD_IDS.len() }];
        match self {
            Id::Number => (row * 7 + 1).to_string(),
            Id::Text => format!("'{odd}'"),
            Id::Two => format!("'{odd}', {}", row % 3),
        }
    }
}
