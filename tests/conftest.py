"""Property-based tests generate the same examples in every run, so that a run only fails because of a change.

HYPOTHESIS_PROFILE=explore generates other examples each time.
"""

import os

from hypothesis import settings

pytest_plugins = ["tests.stack"]

settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))
