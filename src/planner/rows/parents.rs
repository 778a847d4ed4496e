//! Rows that refer to rows of the same source by ids that are kept: a parent that arrives with the run is there.

use crate::catalog::{Constraint, ConstraintKind};
use crate::planner::rows::classify::{Classifier, ConflictSource, TARGET_ALIAS, claimed};
use crate::planner::rows::source_query::SourceQuery;
use crate::sql::{Ident, Literal, Piece, Sql};

impl SourceQuery<'_> {
    /// Foreign keys of the target to itself whose columns the source fills on both sides.
    pub(in crate::planner) fn self_references(&self) -> Vec<&Constraint> {
        let filled = self.columns();
        let fills = |names: &[String]| names.iter().all(|n| filled.iter().any(|(c, _)| c.raw() == n));
        let to_itself = |c: &&Constraint| {
            c.kind == ConstraintKind::Foreign
                && c.references.as_ref() == Some(&self.into.name)
                && fills(&c.columns)
                && fills(&c.referenced_columns)
        };
        self.into.constraints.iter().filter(to_itself).collect()
    }

    /// Rows can only be told to have a parent when all of them are looked at: they move as one batch.
    pub(in crate::planner) fn is_tree(&self) -> bool {
        !self.self_references().is_empty()
    }

    /// Whether the parent that constraint `n` asks for arrives, as a column of a shaped row.
    pub(in crate::planner) fn arrives(n: usize) -> Ident {
        Ident::of_the_server(format!("pgfold_parent{n}"))
    }

    /// The place of a foreign key among those to the target itself.
    pub(in crate::planner) fn self_reference(&self, constraint: &Constraint) -> Option<usize> {
        self.self_references().iter().position(|c| c.name == constraint.name)
    }

    /// The rows with, for each foreign key to the target itself, whether the parent arrives.
    pub(in crate::planner) fn with_parents(&self, rows: Sql, arriving: &[Sql]) -> Sql {
        if arriving.is_empty() {
            return rows;
        }
        let told = (0..arriving.len())
            .map(|n| Sql::fill("pgfold_p${n}.r0 is not null as ${a}", &[("n", &(n as i64)), ("a", &Self::arrives(n))]));
        let joins = self.self_references().into_iter().zip(arriving).enumerate().map(|(n, (constraint, arriving))| {
            let same = constraint.columns.iter().enumerate().map(|(i, c)| {
                Sql::fill(
                    "pgfold_p${n}.r${i} = q.${c}",
                    &[("n", &(n as i64)), ("i", &(i as i64)), ("c", &Ident::of_the_server(c.as_str()))],
                )
            });
            Sql::fill(
                "left join (${a}) pgfold_p${n} on ${same}",
                &[("a", arriving), ("n", &(n as i64)), ("same", &Sql::join(" and ", same))],
            )
        });
        Sql::fill(
            "select q.*, ${told} from (${rows}) q ${joins} offset 0",
            &[("told", &Sql::join(", ", told)), ("rows", &rows), ("joins", &Sql::join(" ", joins))],
        )
    }
}

impl Classifier<'_> {
    /// For each foreign key of the target to itself: what of the rows `among` arrives, for the others to refer to.
    /// Without `verdicts`, while these are worked out, no row has lost to another yet.
    pub(in crate::planner) fn arriving(
        &self,
        fold: &SourceQuery,
        among: &Sql,
        verdicts: Option<ConflictSource>,
    ) -> Vec<Sql> {
        let source = Literal::new(fold.name());
        let lost = match verdicts {
            None => Sql::constant("select null::text as id, null::text as claim, null::int as claim_on where false"),
            Some(ConflictSource::Stored) => Sql::fill(
                "select v.id, v.claim, v.claim_on from pgfold.verdict v where v.run = $1::bigint and v.source = ${s} and v.verdict not in ('raises', 'secondary_match')",
                &[("s", &source)],
            ),
            Some(ConflictSource::Computed) => Sql::fill(
                "select v.id, v.claim, v.claim_on from pgfold_contest v where v.source = ${s} and v.verdict <> 'secondary_match'",
                &[("s", &source)],
            ),
        };
        let held = self.target_rows_apart(fold, verdicts.unwrap_or(ConflictSource::Computed));
        // a stored verdict speaks about what the row had then
        let claimed = Sql::fill("v.claim is not distinct from ${c}", &[("c", &claimed(fold, "q"))]);
        let claimed = if verdicts == Some(ConflictSource::Stored) { claimed } else { Sql::constant("true") };
        let lost =
            Sql::fill("(${lost}) v on v.id = q.pgfold_id and ${claimed}", &[("lost", &lost), ("claimed", &claimed)]);
        // in a statement that works verdicts out, sources of other zones are read, too
        let shaped = match verdicts {
            Some(ConflictSource::Stored) => fold.shaped(among, &[]),
            _ => fold.shaped_among(among, &[]),
        };
        let one = |constraint: &Constraint| self.arriving_for(fold, constraint, &shaped, &held, &lost);
        fold.self_references().into_iter().map(one).collect()
    }

    fn arriving_for(&self, fold: &SourceQuery, constraint: &Constraint, shaped: &Sql, held: &Sql, lost: &Sql) -> Sql {
        let column = |name: &String| Ident::of_the_server(name.as_str());
        let numbered = |template: &'static str, count: usize| {
            Sql::join(" and ", (0..count).map(|i| Sql::fill(template, &[("i", &(i as i64))])))
        };
        let count = constraint.columns.len();
        let pairs = constraint.columns.iter().zip(&constraint.referenced_columns);
        let columns = pairs.clone().enumerate().map(|(i, (parent, own))| {
            Sql::fill(
                "q.${own} as r${i}, q.${parent} as p${i}",
                &[("own", &column(own)), ("parent", &column(parent)), ("i", &(i as i64))],
            )
        });
        let given = constraint.columns.iter().map(|c| Sql::fill("q.${c} is not null", &[("c", &column(c))]));
        let same = pairs.map(|(parent, own)| {
            let pieces: [(&str, &dyn Piece); 3] =
                [("t", &Sql::constant(TARGET_ALIAS)), ("own", &column(own)), ("parent", &column(parent))];
            Sql::fill("${t}.${own} = q.${parent}", &pieces)
        });
        let nowhere = Sql::constant("false");
        let there = Sql::fill(
            "exists (select from ${target} pgfold_t where ${same})",
            &[("target", &fold.into.name), ("same", &Sql::join(" and ", same))],
        );
        let of_a = Sql::join(", ", (0..count).map(|i| Sql::fill("a.r${i}", &[("i", &(i as i64))])));
        Sql::fill(
            include_str!("../../../sql/rows/batch/arriving.sql"),
            &[
                ("columns", &Sql::join(", ", columns)),
                ("given", &Sql::join(" and ", given)),
                ("there", if self.has_target { &there } else { &nowhere }),
                ("shaped", shaped),
                ("held", held),
                ("lost", lost),
                ("of_a", &of_a),
                ("parent_b", &numbered("b.r${i} = a.p${i}", count)),
                ("parent_l", &numbered("a.p${i} = l.r${i}", count)),
                ("same_l", &numbered("l.r${i} = a.r${i}", count)),
            ],
        )
    }
}
