//! A statement as it may be done within a transaction: an index is built without `concurrently`.

use crate::sql::token::{Kind, tokens};
use crate::sql::{Sql, token};

/// The statement without the word that keeps it out of a transaction.
pub fn without_concurrently(script: &Sql) -> Sql {
    let Ok(all) = tokens(script.as_str()) else { return script.clone() };
    let concurrently = |t: &token::Token| t.kind == Kind::Word && t.text.eq_ignore_ascii_case("concurrently");
    Sql::as_written(all.iter().filter(|t| !concurrently(t)).map(|t| t.text).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_built_plainly_whatever_it_is_called() {
        let script = Sql::constant("create index Concurrently if not exists \"concurrently\" on t (a) -- concurrently");
        let told = without_concurrently(&script);
        assert_eq!(told.as_str(), "create index  if not exists \"concurrently\" on t (a) -- concurrently");
    }
}
