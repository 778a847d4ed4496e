select step, state, rows, intent from pgfold.step where run = ${run} and step = ${step};
