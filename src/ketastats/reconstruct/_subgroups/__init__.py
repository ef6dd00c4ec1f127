"""Several ways to split the same people, joined on the number of people with each outcome."""
