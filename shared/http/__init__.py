"""The HTTP layer: reads and checks requests, and builds responses."""
