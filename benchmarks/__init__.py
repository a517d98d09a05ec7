"""What the service costs in time and money: `make bench` runs all of it and writes docs/performance.md."""
