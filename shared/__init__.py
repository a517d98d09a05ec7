"""Code that every function imports: `from shared.…`."""

import gc

# What a function makes while it starts stays: looking among it for garbage, three hundred times, is wasted. Requests
# leave little behind that counting references does not free at once.
gc.set_threshold(50_000, 10, 10)
