"""Measurements of time and cost. `make bench` runs all of them and writes docs/performance.md."""
