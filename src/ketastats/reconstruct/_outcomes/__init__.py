"""Several outcomes of the same people, joined on the split that they share."""
