"""SnapStart: what is put into a snapshot, and what must not come out of it twice.

No connection is opened before the first request, botocore renews credentials that have run out, and ids take their
randomness from the system. Only the generator that jitters retries would be the same in all that were restored.
"""

import os
import random
from collections.abc import Callable

if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start":
    # Part of the managed runtime, and of nothing else.
    from snapshot_restore_py import register_after_restore, register_before_snapshot

    register_after_restore(random.seed)
else:

    def register_before_snapshot(work: Callable[[], object]) -> None:
        """There will be no snapshot."""


def prepare(load: Callable[[], object]) -> None:
    """Load for the snapshot what only some requests need: where there is none, the first of them loads it."""
    register_before_snapshot(load)
