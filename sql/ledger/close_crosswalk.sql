analyze pgfold.crosswalk_${run};
-- whether the winner was there already when the loser was read is a matter of chance
update pgfold.crosswalk_${run} x set target_id = w.target_id from pgfold.crosswalk_${run} w
 where x.outcome = 'duplicate_in_source' and x.target_id is null and w.target_id is not null and x.winner = w.source || ' ' || w.id;
