"""SnapStart: what is loaded before the snapshot, and what must be different after each restore.

No connection is opened before the first request, botocore renews expired credentials, and ids use the system's random
numbers. Only the generator for the jitter of retries must be seeded again.
"""

import random
from collections.abc import Callable

from shared.runtime import environment

if environment.is_snap_start():
    # Only available in the managed runtime.
    from snapshot_restore_py import register_after_restore, register_before_snapshot

    register_after_restore(random.seed)
else:

    def register_before_snapshot(work: Callable[[], object]) -> None:
        """Do nothing: there will be no snapshot."""


def prepare(load: Callable[[], object]) -> None:
    """Load something before the snapshot that only some requests need. Without SnapStart, it is loaded on first use."""
    register_before_snapshot(load)
