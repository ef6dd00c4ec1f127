"""Two by two tables, and single counts, behind printed numbers."""
