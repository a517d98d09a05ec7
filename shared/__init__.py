"""Code that every function imports: `from shared.…`."""

import gc

# Objects created at start-up are never garbage, so collecting them about 300 times would be wasted time. Requests leave
# little behind that reference counting does not free immediately.
gc.set_threshold(50_000, 10, 10)
