select name from guests where house = 'H1' and left_on is null;
