"""What surrounds the code: environment, AWS clients, clock, snapshots."""
