"""Means, standard deviations and their tests behind printed numbers, of two groups, of several, and of changes."""
