"""Private array kernels: arrays in, arrays out, no validation, NumPy and SciPy only."""
