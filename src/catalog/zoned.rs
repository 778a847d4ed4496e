//! Types whose text depends on the session's time zone: what they consist of, down to the times in them.

use serde::{Deserialize, Serialize};

use crate::sql::Ident;

/// What one type consists of; types are named by the server's numbers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TypeParts {
    pub id: i64,
    /// It is `timestamp with time zone` itself.
    pub zoned: bool,
    pub array_of: Option<i64>,
    pub domain_over: Option<i64>,
    pub range_of: Option<i64>,
    pub multirange_of: Option<i64>,
    pub fields: Option<Vec<(Ident, i64)>>,
}

/// Where the times with a zone are in a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Zoned {
    Time,
    Array(Box<Zoned>),
    Range(Box<Zoned>),
    Multirange(Box<Zoned>),
    /// The fields of a row in their order; none for those without a zone.
    Row(Vec<(Ident, Option<Zoned>)>),
}

impl Zoned {
    /// None where nothing of the type depends on the zone.
    pub(super) fn of(id: i64, types: &[TypeParts]) -> Option<Zoned> {
        let parts = types.iter().find(|t| t.id == id)?;
        let below = |id: Option<i64>| Zoned::of(id?, types).map(Box::new);
        if parts.zoned {
            return Some(Zoned::Time);
        }
        if let Some(fields) = &parts.fields {
            let all: Vec<(Ident, Option<Zoned>)> =
                fields.iter().map(|(name, id)| (name.clone(), Zoned::of(*id, types))).collect();
            return all.iter().any(|(_, zoned)| zoned.is_some()).then_some(Zoned::Row(all));
        }
        let array = below(parts.array_of).map(Zoned::Array);
        let range = below(parts.range_of).map(Zoned::Range);
        let multirange = below(parts.multirange_of).map(Zoned::Multirange);
        array.or(range).or(multirange).or_else(|| Zoned::of(parts.domain_over?, types))
    }

    /// Of a type that is known by its name only, as that of a column still to come.
    pub fn named(bottom_type: &str) -> Option<Zoned> {
        let element = bottom_type.strip_suffix("[]").unwrap_or(bottom_type);
        let zoned = match element {
            "timestamp with time zone" => Zoned::Time,
            "tstzrange" => Zoned::Range(Box::new(Zoned::Time)),
            "tstzmultirange" => Zoned::Multirange(Box::new(Zoned::Range(Box::new(Zoned::Time)))),
            _ => return None,
        };
        Some(if element == bottom_type { zoned } else { Zoned::Array(Box::new(zoned)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_below_domains_arrays_ranges_and_rows() {
        let part = |id| TypeParts { id, ..TypeParts::default() };
        let types = [
            TypeParts { zoned: true, ..part(1) },
            TypeParts { domain_over: Some(1), ..part(2) },
            TypeParts { array_of: Some(2), ..part(3) },
            TypeParts { range_of: Some(1), ..part(4) },
            part(5),
            TypeParts { fields: Some(vec![(Ident::of_the_server("a"), 5), (Ident::of_the_server("b"), 3)]), ..part(6) },
            TypeParts { array_of: Some(5), ..part(7) },
        ];
        let array = Zoned::Array(Box::new(Zoned::Time));
        let row = Zoned::Row(vec![(Ident::of_the_server("a"), None), (Ident::of_the_server("b"), Some(array.clone()))]);
        assert_eq!(Zoned::of(3, &types), Some(array));
        assert_eq!(Zoned::of(4, &types), Some(Zoned::Range(Box::new(Zoned::Time))));
        assert_eq!(Zoned::of(6, &types), Some(row));
        assert_eq!([5, 7, 9].map(|id| Zoned::of(id, &types)), [None, None, None]);
    }
}
