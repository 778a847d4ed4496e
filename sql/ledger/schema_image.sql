-- a row is an object of the schema as the run $1 left it
select object, belongs_to, definition from pgfold.schema_image where run = $1::bigint
