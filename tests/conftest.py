"""Settings that every test shares."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# Two runs of the suite draw the same examples, on any machine, however slow: a failure can be repeated.
settings.register_profile(
    "repeatable",
    derandomize=True,
    database=None,
    max_examples=40,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
# HYPOTHESIS_PROFILE=explore draws new and more examples, to look for what the fixed ones miss.
settings.register_profile("explore", parent=settings.get_profile("repeatable"), derandomize=False, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

# Figures are drawn without a screen, also where the environment names another backend.
os.environ["MPLBACKEND"] = "Agg"
