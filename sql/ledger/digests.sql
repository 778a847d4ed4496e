-- a row is a run with the digest that was kept when it was done
select run, digest from pgfold.run where digest is not null order by run
