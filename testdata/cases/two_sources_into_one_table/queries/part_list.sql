select label, on_hand from part_list order by label;
