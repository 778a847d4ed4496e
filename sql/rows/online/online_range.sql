(${ids}) in (select ${typed} from pgfold.late l where l.run = $1::bigint and l.source = ${source})
