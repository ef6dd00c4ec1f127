"""Samples of whole numbers behind a printed mean and standard deviation."""
