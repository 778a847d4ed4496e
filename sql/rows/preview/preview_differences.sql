-- a row is a source row whose key the target, or a better row of any source, holds with other content, both as json
${contest},
pgfold_c as materialized (
${classified}
)
${apart}
